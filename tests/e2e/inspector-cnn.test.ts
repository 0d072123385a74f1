import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test } from './harness.ts';
import { openInspector as open, tensorIs, values } from './inspector.ts';
import { untracedNumerals } from './numerals.ts';

const PICTURE = 'golden-retriever';
const MAPS = 'body.1';

/** The same tensors as the command line computes them. */
function tensorsOfShell(...names: string[]): readonly Float32Array[] {
  const folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
  try {
    const out = join(folder, 'tensors.safetensors');
    const what = ['--image', `static/pictures/${PICTURE}.webp`, '--tensors', names.join(), '--out', out];
    execFileSync(process.execPath, ['bin/patchwork.js', 'run', 'models/cnn-cifar10', ...what]);
    const file = parseSafetensors(new Uint8Array(readFileSync(out)));
    return names.map((name) => file.float32(name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test(
  'a network without tokens: its answer and its feature maps are live, and those of the command line',
  async (ctx) => {
    const [maps, probs] = tensorsOfShell(MAPS, 'probs') as [Float32Array, Float32Array];
    const page = await open(ctx, `?m=cnn-cifar10&t=${MAPS}&pic=${PICTURE}&device=wasm`);
    await values(page).waitFor({ timeout: 90_000 });
    /** Least and largest value that the pane shows, once they are numbers. */
    const extent = () =>
      page.evaluate(() => {
        const pane = document
          .querySelector('[data-tensor-pane]')!
          .textContent.replace(/[\s\u2212]+/g, (s) => (s.includes('\u2212') ? ' -' : ' '));
        const found = /min\s*([-\d.e]+)\s*max\s*([-\d.e]+)/.exec(pane);
        return [Number(found?.[1]), Number(found?.[2])];
      });
    const reaches = async (of: Float32Array, within: number, what: string) => {
      const expected = [Math.min(...of), Math.max(...of)];
      let shown: number[] = [];
      for (let i = 0; i < 80; i++) {
        shown = await extent();
        if (shown.every((v, k) => Math.abs(v - expected[k]!) <= within)) return;
        await page.waitForTimeout(250);
      }
      assert.fail(`${what}: ${shown}, expected ${expected}`);
    };
    // Chromium and libwebp decode a picture to bytes that differ by one here and there.
    await reaches(maps, 0.02 * Math.max(...maps), MAPS);
    assert.match((await page.locator('[data-tensor-pane]').textContent()) ?? '', /128×7×7/);
    assert.deepEqual(await untracedNumerals(page), []);

    await page.goto(ctx.url(`/en/inspector/?m=cnn-cifar10&t=probs&pic=${PICTURE}&device=wasm`));
    await tensorIs(page, 'probs');
    await values(page).waitFor({ timeout: 60_000 });
    await reaches(probs, 0.01, 'probs');
    // Without tokens there is no patch size to change, and nothing of attention to switch.
    await page.locator('[data-menu="run"] summary').click();
    assert.equal(await page.getByRole('slider', { name: /Patch size/ }).count(), 0);
    // In the outline its stages are blocks, and the drawing has a box for each of its tensors.
    await page.locator('[data-box="whiten"]').waitFor({ state: 'attached' });
  },
  { timeout: 150_000 },
);
