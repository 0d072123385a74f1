import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { effort, precompress } from './precompress.js';

let at = '';
let kept = '';
beforeEach(() => {
  at = mkdtempSync(join(tmpdir(), 'site-'));
  kept = mkdtempSync(join(tmpdir(), 'kept-'));
});
afterEach(() => {
  for (const dir of [at, kept]) rmSync(dir, { recursive: true });
});

const words = 'attention is a weighted mean of values; '.repeat(100);

it('writes both forms beside a file where they are smaller, and nowhere else', async () => {
  writeFileSync(join(at, 'page.html'), words);
  writeFileSync(join(at, 'short.html'), 'a');
  writeFileSync(join(at, 'picture.png'), words);
  // Bytes without any order: nothing to save.
  const noise = Array.from({ length: 128 }, (_, i) => createHash('sha256').update(String(i)).digest());
  writeFileSync(join(at, 'model.safetensors'), Buffer.concat(noise));
  await precompress(at, kept);
  expect(readdirSync(at).sort()).toEqual([
    'model.safetensors',
    'page.html',
    'page.html.br',
    'page.html.gz',
    'picture.png',
    'short.html',
  ]);
  expect(brotliDecompressSync(readFileSync(join(at, 'page.html.br'))).toString()).toBe(words);
  expect(gunzipSync(readFileSync(join(at, 'page.html.gz'))).toString()).toBe(words);
});

it('takes what it made before by the content, and makes anew what changed', async () => {
  writeFileSync(join(at, 'page.html'), words);
  await precompress(at, kept);
  const known = readdirSync(kept).find((name) => name.endsWith('.br'))!;
  // Recognisable bytes in the store: they must come out again, so nothing was compressed.
  writeFileSync(join(kept, known), 'from the store');
  await precompress(at, kept);
  expect(readFileSync(join(at, 'page.html.br'), 'utf8')).toBe('from the store');
  writeFileSync(join(at, 'page.html'), `${words}!`);
  await precompress(at, kept);
  expect(brotliDecompressSync(readFileSync(join(at, 'page.html.br'))).toString()).toBe(`${words}!`);
  expect(statSync(join(at, 'page.html')).size).toBe(words.length + 1);
});

it('forgets what no build asked for in a while', async () => {
  const old = join(kept, 'old.br');
  writeFileSync(old, 'x');
  utimesSync(old, new Date(0), new Date(0));
  await precompress(at, kept);
  expect(existsSync(old)).toBe(false);
});

it('spends little time on what is large', () => {
  expect(effort('ort.wasm', 14_000_000)).toEqual({ brotli: 9, gzip: 6 });
  expect(effort('a.js', 5000)).toEqual({ brotli: 11, gzip: 9 });
  expect(effort('a.woff2', 50_000)).toBeUndefined();
});
