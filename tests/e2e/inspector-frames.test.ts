import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test } from './harness.ts';
import { openInspector as open, values } from './inspector.ts';
import { untracedNumerals } from './numerals.ts';

const PICTURE = 'golden-retriever';
const MODEL = 'vivit-self-tiny';

/** The logits of the command line for the picture that moves so many pixels a frame. */
function logitsOfShell(pace: number): Float32Array {
  const folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
  try {
    const out = join(folder, 'tensors.safetensors');
    const what = [
      '--image',
      `static/pictures/${PICTURE}.webp`,
      `--pace=${pace}`,
      '--tensors',
      'logits',
      '--out',
      out,
    ];
    execFileSync(process.execPath, ['bin/patchwork.js', 'run', `models/${MODEL}`, ...what], {
      stdio: 'pipe',
    });
    return parseSafetensors(new Uint8Array(readFileSync(out))).float32('logits');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test(
  'vivit: a model of clips sees the picture move, and answers as the command line does',
  async (ctx) => {
    const page = await open(ctx, `?m=${MODEL}&t=logits&pic=${PICTURE}&mv=2&device=wasm`);
    await values(page).waitFor({ timeout: 90_000 });
    /** Least and largest value that the pane shows. */
    const extent = () =>
      page.evaluate(() => {
        const pane = document
          .querySelector('[data-tensor-pane]')!
          .textContent.replace(/[\s\u2212]+/g, (s) => (s.includes('\u2212') ? ' -' : ' '));
        const found = /min\s*([-\d.e]+)\s*max\s*([-\d.e]+)/.exec(pane);
        return [Number(found?.[1]), Number(found?.[2])];
      });
    const reaches = async (of: Float32Array, what: string) => {
      const expected = [Math.min(...of), Math.max(...of)];
      let shown: number[] = [];
      for (let i = 0; i < 80; i++) {
        shown = await extent();
        // Chromium and libwebp decode a picture to bytes that differ by one here and there.
        if (shown.every((v, k) => Math.abs(v - expected[k]!) <= 0.01)) return;
        await page.waitForTimeout(250);
      }
      assert.fail(`${what}: ${shown}, expected ${expected}`);
    };
    const [two, five] = [logitsOfShell(2), logitsOfShell(5)];
    const apart =
      Math.abs(Math.max(...two) - Math.max(...five)) + Math.abs(Math.min(...two) - Math.min(...five));
    assert.ok(apart > 0.05, 'the two paces can be told apart');
    await reaches(two, 'two pixels a frame');

    await page.locator('[data-menu="run"] summary').click();
    const slider = page.locator('[data-feed="frames"]').getByRole('slider');
    for (let i = 0; i < 3; i++) await slider.press('ArrowRight');
    await reaches(five, 'five pixels a frame');
    await page.waitForURL(/[?&]mv=5(&|$)/);
    assert.match(
      (await page.locator('[data-feed="frames"]').textContent()) ?? '',
      /4 frames, each the one before/,
    );
    assert.deepEqual(await untracedNumerals(page), []);
  },
  { timeout: 150_000 },
);
