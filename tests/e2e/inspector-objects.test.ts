import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from './harness.ts';
import { openInspector as open, values } from './inspector.ts';
import { untracedNumerals } from './numerals.ts';

const PICTURE = 'golden-retriever';
const MODEL = 'detr-tiny';

interface Found {
  readonly query: number;
  readonly name: string;
  readonly p: number;
}

test(
  'detr: a detector’s boxes lie on the picture, with the surest answer of the command line',
  async (ctx) => {
    const page = await open(ctx, `?m=${MODEL}&t=boxes&pic=${PICTURE}&device=wasm`);
    await values(page).waitFor({ timeout: 90_000 });
    const objects = page.locator('[data-objects]');
    await objects.locator('li').first().waitFor();
    const what = [
      'bin/patchwork.js',
      'run',
      `models/${MODEL}`,
      '--image',
      `static/pictures/${PICTURE}.webp`,
      '--json',
    ];
    const said = execFileSync(process.execPath, what, { stdio: 'pipe' }).toString();
    const [first] = (JSON.parse(said) as { images: { objects: Found[] }[] }).images[0]!.objects;
    assert.ok(first);
    const rows = await objects.locator('li').allTextContents();
    // Weights drawn by a seed are sure of nothing: one row, and its box dashed.
    assert.equal(await objects.getAttribute('data-objects'), '0');
    assert.equal(rows.length, 1);
    const shown = /(\S+) +([\d.]+)\s*% +query (\d+)/.exec(rows[0]!.replace(/\s+/g, ' '));
    assert.ok(shown, rows[0]);
    assert.deepEqual([shown[1], Number(shown[3])], [first.name, first.query]);
    // Chromium and libwebp decode a picture to bytes that differ by one here and there.
    assert.ok(Math.abs(Number(shown[2]) / 100 - first.p) < 0.02, rows[0]);
    assert.equal(await objects.locator('svg.unsure rect').count(), 2);
    assert.deepEqual(await untracedNumerals(page), []);
  },
  { timeout: 150_000 },
);
