import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { number } from '#tests/e2e/lesson.ts';

/** No guidance and few steps: what is held here does not depend on how well a picture comes out. */
const SHORT = 'w=1&style=noto&seed=1&word=goat';

async function open(ctx: TestContext, query: string): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`/en/16-codes/?v=1&device=wasm&${SHORT}&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  return page;
}
const cells = async (page: Page, row: string) =>
  (await page.locator(`tr[data-row="${row}"] td`).allTextContents()).map((cell) => cell.replace(/\s/g, ''));
/** Waits until the run on the stage has made all its steps. */
const done = (page: Page) => page.locator('[data-run="done"]').waitFor({ timeout: 60_000 });

test(
  'masked rounds keep as many codes as the cosine says, a step back opens them again; the table has published networks',
  async (ctx) => {
    const page = await open(ctx, 'view=rounds&order=masked&r=4');
    const known = async () =>
      number((await page.locator('[data-mode="confidence"] [data-known]').getAttribute('data-known')) ?? '');
    await done(page);
    assert.equal(await known(), 64);
    await page.getByRole('button', { name: 'One step back' }).click();
    await page.locator('[data-mode="confidence"] [data-round="2"]').waitFor();
    // 64 cos(3π/8) = 24.5 stay masked.
    assert.equal(await known(), 40);
    assert.equal(await page.locator('[data-mode="confidence"] [data-state="open"]').count(), 24);

    await page.getByRole('radio', { name: 'Large models', exact: true }).check({ force: true });
    await page.locator('[data-published]').waitFor();
    assert.deepEqual((await cells(page, 'var-d16')).slice(1), ['680', '10', '310M', '3.55']);
    assert.deepEqual((await cells(page, 'own-scales')).slice(1, 3), ['130', '6']);
  },
  { timeout: 120_000 },
);

test(
  'scale by scale: six passes, each fed the sum of those before',
  async (ctx) => {
    const page = await open(ctx, 'view=byscale&order=scales&scale=0');
    await done(page);
    assert.equal(await page.locator('[data-mask] [data-block]').count(), 21);
    assert.equal(await page.locator('[data-fed="0"] canvas').count(), 0);
    await page.locator('[data-field="scale"] button').nth(3).click();
    await page.locator('[data-fed="3"] canvas').first().waitFor();
    const codes = await page.locator('[data-codes="4"] li').allTextContents();
    assert.equal(codes.length, 16);
    assert.ok(codes.every((code) => /^\d+$/.test(code)));
  },
  { timeout: 120_000 },
);

test(
  'a scale left out changes the picture',
  async (ctx) => {
    const page = await open(ctx, 'view=break&cut=scale-out&order=scales&gone=2');
    const said = page.locator('[data-tile="cut"][data-come="yes"] small');
    await said.waitFor({ timeout: 90_000 });
    assert.ok(number(/[\d.]+/.exec((await said.textContent()) ?? '')?.[0]) > 0.01);
  },
  { timeout: 120_000 },
);

test(
  'the rest is painted after the codes, and of an encoded picture compared with the truth',
  async (ctx) => {
    const page = await open(ctx, 'view=rest&order=scales&rn=2&whose=picture&pic=sunflower');
    await page.locator('[data-tile="painted"][data-come="yes"]').waitFor({ timeout: 90_000 });
    await page.locator('[data-missing="yes"]').waitFor();
    const missing = async (row: string) => number((await cells(page, row))[0]);
    assert.ok((await missing('codes')) > 0);
    assert.equal(await missing('all'), 0);
    await page.locator('[data-tile="all"][data-come="yes"]').waitFor();
  },
  { timeout: 150_000 },
);
