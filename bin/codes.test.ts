import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { inside } from './testing.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs it with `--out codes.safetensors` and gives what was written. */
async function sampled(model: string, ...args: string[]) {
  const { status, stderr } = await inside(
    'sample',
    `models/${model}`,
    ...args,
    '--out',
    at('codes.safetensors'),
  );
  expect([status, stderr]).toEqual([0, '']);
  return parseSafetensors(new Uint8Array(readFileSync(at('codes.safetensors'))));
}
const golden = (model: string) => parseSafetensors(readFileSync(`models/${model}/golden.safetensors`));

describe('patchwork sample of a network that chooses codes', () => {
  it('the codes that PyTorch chooses', async () => {
    const args = ['--text', 'goat', '--style', 'twemoji', '--seed', '7', '--rounds', '4'];
    const made = await sampled('masked-tiny', ...args);
    const want = golden('masked-tiny').float32('s/plain/codes');
    expect([...made.float32('codes')]).toEqual([...want.slice(-16)]);
    expect(made.tensor('picture').shape).toEqual([1, 3, 16, 16]);
  });

  it('goes on from a file with a code changed', async () => {
    const args = ['--text', 'goat', '--n', '2', '--seed', '3', '--guidance', '2', '--top-k', '4'];
    const codes = (await sampled('raster-tiny', ...args)).float32('codes').slice();
    const given = codes.map((code, i) => (i % 16 < 4 ? code : i % 16 === 4 ? (code + 1) % 16 : -1));
    writeFileSync(
      at('given.safetensors'),
      writeSafetensors([{ name: 'codes', shape: [2, 16], data: given }]),
    );
    const edited = (await sampled('raster-tiny', ...args, '--codes', at('given.safetensors'))).float32(
      'codes',
    );
    expect([...edited].filter((_, i) => i % 16 < 5)).toEqual([...given].filter((code) => code !== -1));
    expect([...edited]).not.toContain(-1);
  });

  it('adds what the codes leave over, and says what it did', async () => {
    const out = ['--out', at('png'), '--json'];
    const { stdout, status } = await inside(
      'sample',
      'models/hart-tiny',
      '--text',
      '山羊',
      '--steps',
      '2',
      ...out,
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'hart-tiny', passes: 4, labels: [null] });
    expect(readdirSync(at('png'))).toEqual(['0.png']);
    const whole = (await sampled('hart-tiny', '--text', 'goat')).float32('picture').slice();
    const plain = (await sampled('scales-tiny', '--text', 'goat')).float32('picture');
    expect(whole.reduce((most, v, i) => Math.max(most, Math.abs(v - plain[i]!)), 0)).toBeGreaterThan(1e-3);
  });

  it.each([
    ['raster-tiny', ['--style', 'ukiyo'], '--class takes noto, twemoji, fluent, openmoji'],
    [
      'raster-tiny',
      ['--sampler', 'ddim'],
      '--sampler is of networks that remove noise; this one chooses codes',
    ],
    ['raster-tiny', ['--eta', '1'], '--eta is of diffusion models; this network chooses codes'],
    ['raster-tiny', ['--temperature', 'hot'], '--temperature needs a number, not "hot"'],
    ['raster-tiny', ['--set', 'casual=0'], 'did you mean causal'],
    ['masked-tiny', ['--rounds', '17'], 'There are 17 rounds'],
    ['masked-tiny', ['--choose', 'luck'], '--choose takes confidence or chance, not "luck"'],
    ['scales-tiny', ['--n', '2', '--codes', 'GIVEN'], 'but 2 pictures are asked for'],
    ['uvit-tiny', ['--top-k', '3'], '--top-k is of networks that choose codes; this is a diffusion model'],
  ])('%s %j is one sentence', async (model, args, sentence) => {
    writeFileSync(
      at('one.safetensors'),
      writeSafetensors([{ name: 'codes', shape: [1, 30], data: new Float32Array(30) }]),
    );
    const given = args.map((a) => (a === 'GIVEN' ? at('one.safetensors') : a));
    const { status, stderr } = await inside(
      'sample',
      `models/${model}`,
      ...given,
      '--out',
      at('bad.safetensors'),
    );
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
