import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test, type TestContext } from '#tests/e2e/harness.ts';

const LESSON = '/en/15-latents/';
/** Few steps, so that the page comes to rest soon. */
const FEW = 'n=4&seed=3';

async function open(ctx: TestContext, query: string, lang = 'en'): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`${LESSON.replace('/en/', `/${lang}/`)}?v=1&device=wasm&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  return page;
}
/** Waits until the run on the stage has made all its steps. */
const done = (page: Page) => page.locator('[data-run="done"]').waitFor({ timeout: 60_000 });
/** The pixels of a picture, as its canvas holds them. */
const pixels = (page: Page, selector: string) =>
  page.evaluate((at) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`${at} canvas[data-painted="yes"]`);
    const context = canvas?.getContext('2d');
    return canvas && context
      ? [...context.getImageData(0, 0, canvas.width, canvas.height).data].join()
      : undefined;
  }, selector);
const field = (page: Page) => page.locator('.stage [data-field="word"] input');

test('words are painted, judged, and painted again from the same noise', async (ctx) => {
  const page = await open(ctx, `view=paint&word=goat&${FEW}`);
  await done(page);
  const goat = await pixels(page, '[data-painting="4"]');
  assert.ok(goat, 'nothing was painted');
  await page.locator('[data-judged="4"] [data-sign]').first().waitFor();
  const place = Number(await page.locator('[data-place]').getAttribute('data-place'));
  assert.ok(place >= 1 && place <= 1421, `place ${place}`);
  // A step back, by the transport and by the film.
  await page.getByRole('button', { name: 'One step back' }).click();
  await page.locator('[data-painting="3"]').waitFor();
  assert.notEqual(await pixels(page, '[data-painting="3"]'), goat);
  await page.locator('.film button').last().click();
  await page.locator('[data-painting="4"]').waitFor();
  assert.equal(await pixels(page, '[data-painting="4"]'), goat);
  // Another style, other words: other pictures; and back to the first one.
  await page.locator('[data-style="openmoji"]').check({ force: true });
  await page.waitForFunction(() => document.querySelector('[data-run]')?.getAttribute('data-run') !== 'done');
  await done(page);
  assert.notEqual(await pixels(page, '[data-painting="4"]'), goat);
  await page.locator('[data-style="noto"]').check({ force: true });
  await page.waitForFunction(() => document.querySelector('[data-run]')?.getAttribute('data-run') !== 'done');
  await done(page);
  assert.equal(await pixels(page, '[data-painting="4"]'), goat);
});

test('texts that are no plain name get a sentence, in both languages, and are painted', async (ctx) => {
  const page = await open(ctx, `view=paint&word=goat&${FEW}`, 'zh');
  for (const [typed, remark] of [
    ['', 'empty'],
    ['goat '.repeat(400), 'cut'],
    ['🐐', 'bytes'],
    ['红色的 mushroom', 'mixed'],
  ] as const) {
    await field(page).fill(typed);
    await page.locator(`[data-remark="${remark}"]`).waitFor();
  }
  await done(page);
  assert.ok(await pixels(page, '[data-painting="4"]'));
  await field(page).fill('山羊');
  await page.locator('[data-remark]').waitFor({ state: 'detached' });
});

test('two paintings share their noise until the second is told other words', async (ctx) => {
  const page = await open(ctx, `view=swap&word=goat&other=mushroom&after=2&${FEW}`);
  await done(page);
  const apart = async () => Number(await page.locator('[data-apart]').getAttribute('data-apart'));
  assert.ok((await apart()) > 0);
  const [first, second] = ['goat', 'mushroom'].map((told) => `[data-told="${told}"]`);
  const at = async (step: number) => {
    await page.locator('.transport input[type="range"]').fill(String(step));
    await page.locator(`[data-step="${step}"]`).waitFor();
    return Promise.all([pixels(page, first!), pixels(page, second!)]);
  };
  const [a, b] = await at(2);
  assert.ok(a && a === b, 'the words differ before they are told');
  const [c, d] = await at(3);
  assert.ok(c && d && c !== d, 'the other words change nothing');
});

test(
  'guidance is told and shown: three estimates, four weights',
  async (ctx) => {
    const page = await open(ctx, `view=guide&word=goat&k=2&${FEW}`);
    await page.locator('.guide [data-tile][data-come="yes"]').nth(2).waitFor({ timeout: 60_000 });
    const shown = await Promise.all([0, 1, 2].map((i) => pixels(page, `.guide [data-tile="${i}"]`)));
    assert.equal(new Set(shown).size, 3, 'the three estimates are not three pictures');
    await page.waitForFunction(
      () => /cosine −?0?\.?\d/.test(document.querySelector('.guide')?.textContent ?? ''),
      undefined,
      {
        timeout: 60_000,
      },
    );
  },
  { timeout: 150_000 },
);
