import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { near, number } from '#tests/e2e/lesson.ts';
import { movingSquare, webmOf } from './webm.ts';

/** Where clips come from, what the networks say of them, and time taken away; numbers are held to tests/reference.py. */

const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/13-video/tests/golden.safetensors')));
const LESSON = '/en/13-video/';

async function open(ctx: TestContext, query: string): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  return page;
}
/** Waits until the first network has answered to a clip of that name. */
const answered = (page: Page, name: string) =>
  page.locator(`[data-answer="joint"][data-of="${name}"]`).waitFor({ timeout: 60_000 });
const first = (page: Page, within: string) => page.locator(`${within} li`).first();

async function give(page: Page, name: string, mimeType: string, buffer: Buffer): Promise<void> {
  await page.locator('[data-film-file]').setInputFiles({ name, mimeType, buffer });
}
const fault = (page: Page, code: string) =>
  page.locator(`dialog [data-film-fault="${code}"]`).waitFor({ timeout: 60_000 });

test(
  'clips are drawn, reordered, and read of files; what cannot be read leaves the clip, and is said',
  async (ctx) => {
    const page = await open(ctx, 'view=answer');
    await answered(page, 'giraffe: to the right');
    await page.locator('[data-clip-bar] select').selectOption('left');
    await answered(page, 'giraffe: to the left');
    assert.match((await first(page, '[data-answer="joint"]').textContent()) ?? '', /to the left/);
    await page.locator('[data-change-clip]').click();
    await page.locator('dialog [data-sign="1F416"]').click();
    await answered(page, 'pig: to the left');
    await page.locator('dialog [data-place="0"]').click();
    await page.locator('dialog [data-frame="7"]').click();
    await page.locator('[data-order="7.1.2.3.4.5.6.7"]').waitFor();
    await answered(page, 'pig: to the left, frames reordered');
    await page.locator('dialog [data-later]').click();
    await page.locator('[data-order="7.2.1.3.4.5.6.7"]').waitFor();
    await page.locator('dialog [data-plain]').click();
    await answered(page, 'pig: to the left');

    const moves = await movingSquare(page, 24);
    await give(page, 'film.webm', 'video/webm', webmOf(moves, { side: 64, seconds: 2 }));
    await answered(page, 'your video');
    assert.equal(await page.locator('dialog [data-frame]').count(), 24);
    assert.equal(await page.locator('dialog [data-film-remark]').count(), 0);
    const bad: readonly (readonly [string, string, Buffer])[] = [
      ['unreadable', 'video/mp4', Buffer.from('no film at all')],
      ['picture', 'image/png', Buffer.from('a picture')],
      ['empty', 'video/webm', Buffer.alloc(0)],
    ];
    for (const [code, type, bytes] of bad) {
      await give(page, code, type, bytes);
      await fault(page, code);
      assert.equal(await page.locator('[data-answer="joint"]').getAttribute('data-of'), 'your video');
    }
    const remark = page.locator('dialog [data-film-remark]');
    await give(page, 'long.webm', 'video/webm', webmOf(moves, { side: 64, seconds: 180 }));
    await remark.filter({ hasText: '3 min 0 s' }).waitFor({ timeout: 60_000 });
    await give(page, 'one.webm', 'video/webm', webmOf(moves.slice(0, 1), { side: 64, seconds: 1 }));
    await remark.filter({ hasText: 'the same picture' }).waitFor({ timeout: 60_000 });
  },
  { timeout: 240_000 },
);

/** A camera that is refused, absent, or shows a square that moves, as `camera` of the page's window says. */
const camera = () => {
  const devices = {
    getUserMedia: () => {
      const mode = (globalThis as { camera?: string }).camera;
      if (mode !== 'there') throw new DOMException('', mode === 'none' ? 'NotFoundError' : 'NotAllowedError');
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 96;
      const context = canvas.getContext('2d');
      let at = 0;
      setInterval(() => {
        if (!context) return;
        context.fillStyle = '#fff';
        context.fillRect(0, 0, 96, 96);
        context.fillStyle = '#145';
        context.fillRect((at += 2) % 96, 30, 30, 30);
      }, 40);
      return Promise.resolve(canvas.captureStream(25));
    },
  };
  Object.defineProperty(navigator, 'mediaDevices', { value: devices });
};

test(
  'two seconds of the camera become a clip; a camera that is refused or absent is said; a link to a clip of one’s own has none',
  async (ctx) => {
    const page = await ctx.page();
    await page.addInitScript(camera);
    await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&view=answer&from=own`));
    await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
    await page.locator('[data-film-fault="gone"]').waitFor();
    await answered(page, 'giraffe: to the right');
    await page.locator('[data-change-clip]').click();
    for (const mode of ['refused', 'none'] as const) {
      await page.evaluate((mode) => void ((globalThis as { camera?: string }).camera = mode), mode);
      await page.locator('dialog [data-camera]').click();
      await fault(page, `camera-${mode}`);
    }
    await page.evaluate(() => void ((globalThis as { camera?: string }).camera = 'there'));
    await page.locator('dialog [data-camera]').click();
    await page.locator('[data-record]:enabled').click({ timeout: 60_000 });
    await answered(page, 'your recording');
    assert.equal(await page.locator('dialog [data-frame]').count(), 24);
  },
  { timeout: 180_000 },
);

/** The largest of the probabilities of the first four classes, the directions, among themselves. */
function bestDirection(probs: Float32Array): number {
  const four = [...probs.subarray(0, 4)];
  return Math.max(...four) / four.reduce((a, b) => a + b, 0);
}

test(
  'every change has PyTorch’s answers; attention falls into times, and with two encoders heads lie on the axes',
  async (ctx) => {
    const page = await open(ctx, 'view=break&change=shuffle&mix=1&motion=right');
    for (const change of ['shuffle', 'reverse', 'freeze', 'drop', 'positions'] as const) {
      const name = change === 'drop' ? 'drop half' : change;
      await page.getByRole('radio', { name, exact: true }).check({ force: true });
      for (const net of ['joint', 'encoder'] as const) {
        const shown = page.locator(`[data-changed="${net}-${change}"] li`);
        await shown.first().waitFor({ timeout: 60_000 });
        const best = bestDirection(golden.float32(`${net}.right.${change}`));
        near(
          number(await shown.first().locator('.value').textContent()),
          100 * best,
          `${net} ${change}`,
          0.03,
          3,
        );
      }
    }
    await page.getByRole('radio', { name: 'Through time', exact: true }).check({ force: true });
    await page.locator('[data-strip] b').first().waitFor({ timeout: 60_000 });
    const shares = (await page.locator('[data-strip] b').allTextContents()).map(number);
    assert.equal(shares.length, 4);
    near(
      shares.reduce((a, b) => a + b, 0),
      100,
      'shares of times',
      0.1,
    );
    await page.locator('.controls').getByRole('radio', { name: 'two encoders' }).check({ force: true });
    await page.locator('[data-times="shown"]').waitFor({ timeout: 60_000 });
    await page.getByRole('radio', { name: 'how far heads look', exact: true }).check({ force: true });
    await page.locator('[data-distances="encoder"]').waitFor({ timeout: 60_000 });
    await page.locator('[data-distances] summary').click();
    const rows = await page
      .locator('[data-distances] tbody tr')
      .evaluateAll((all) =>
        all.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent))),
      );
    assert.equal(rows.length, 32);
    assert.ok(rows.every(([space, time]) => (space === 0) !== (time === 0)));
  },
  { timeout: 240_000 },
);
