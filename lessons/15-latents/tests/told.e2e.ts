import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { near, number } from '#tests/e2e/lesson.ts';

// Few steps: what is held here does not depend on how well the painting comes out.
const SHORT = 'n=3&style=noto&seed=1&word=goat';

async function open(ctx: TestContext, query: string): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`/en/15-latents/?v=1&device=wasm&${SHORT}&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  return page;
}
const text = async (page: Page, selector: string) =>
  (await page.locator(selector).first().textContent()) ?? '';

test(
  'the sequence has its tokens, one is opened, and two names of an animal meet at their end',
  async (ctx) => {
    const page = await open(ctx, 'view=told&tok=5&beside=山羊');
    await page.locator('[data-told="here"] [data-texts="here"]').waitFor({ timeout: 90_000 });
    assert.equal(await page.locator('[data-token]').count(), 18);
    assert.equal((await text(page, '[data-token="5"]')).trim(), '<end>');
    await page.locator('[data-token="1"]').click();
    await page.locator('[data-opened="1"]').waitFor();
    // Cosines and sines of one time: each pair has length 1, and there are 96 of them.
    near(number(await text(page, '[data-length="before"]')), Math.sqrt(96), 'length', 0.02, 1e-3);
    near(number(await text(page, '[data-cosine="0.0"]')), 1, 'start', 6e-3, 0);
    near(number(await text(page, '[data-cosine="3.3"]')), 0.69, 'end', 6e-3, 0);
    await page.locator('[data-field="beside"] input').fill('');
    await page.locator('[data-cosine="3.1"]').waitFor();
    assert.equal(await page.locator('[data-cosine="3.3"]').count(), 0);
  },
  { timeout: 120_000 },
);

test(
  'a word’s weight is the mean of its map, and is measured at every step',
  async (ctx) => {
    const page = await open(ctx, 'view=attend');
    await page.locator('[data-listened="done"]').waitFor({ timeout: 90_000 });
    await page.locator('[data-attend="here"]').waitFor();
    const weights = await page.locator('[data-weight]').allTextContents();
    assert.equal(weights.length, 16);
    const sum = weights.map((said) => number(said)).reduce((a, b) => a + b, 0);
    assert.ok(sum > 0 && sum < 100, `the words get ${sum} %`);
    const heaviest = number((await page.locator('[data-heaviest]').getAttribute('data-heaviest')) ?? '');
    assert.ok([1, 2].includes(heaviest), `token ${heaviest} is one of the text’s own`);
    await page.locator('[data-word="3"]').click();
    assert.match(await text(page, '[data-word="3"][aria-pressed="true"] code'), /<end>/);
  },
  { timeout: 120_000 },
);

test(
  'what is kept stays; a hole is filled to three texts; with no hole nothing is painted',
  async (ctx) => {
    const page = await open(ctx, 'view=inpaint&hole=0000000000000000');
    await page.locator('[data-inpaint="done"]').waitFor({ timeout: 90_000 });
    const changed = () => page.locator('.results small').allTextContents();
    await page.waitForFunction(() => document.querySelectorAll('.results [data-frame] small').length === 3);
    for (const said of (await changed()).slice(0, 3))
      near(number(said.replace(/^[^:]*:/, '')), 0, 'kept', 0, 2e-3);
    await page.getByRole('button', { name: 'The middle' }).click();
    await page.locator('[data-holes="16"]').waitFor();
    await page.locator('[data-inpaint="running"]').waitFor({ timeout: 30_000 });
    await page.locator('[data-inpaint="done"]').waitFor({ timeout: 60_000 });
    const names = await page.locator('.results [data-frame] b').allTextContents();
    assert.deepEqual(names.slice(0, 3), ['mushroom', 'goat', 'empty text']);
  },
  { timeout: 120_000 },
);

test(
  'a walk begins and ends where its texts are, and the slider paints what lies between',
  async (ctx) => {
    const page = await open(ctx, 'view=walk&to=goat&u=0.5');
    await page.locator('[data-between="done"]').waitFor({ timeout: 90_000 });
    // From a text to itself there is no way.
    const jumps = await page.locator('[data-walk] [data-frame] small').allTextContents();
    const steps = jumps.filter((said) => said.includes('Δ')).map((said) => number(said.replace('Δ', '')));
    assert.equal(steps.length, 6);
    for (const step of steps) near(step, 0, 'Δ', 0, 2e-3);
    await page.locator('[data-walk]').getByRole('radio', { name: 'the noise' }).check({ force: true });
    await page.locator('[data-walk="running"]').waitFor({ timeout: 30_000 });
    await page.locator('[data-between="done"]').waitFor({ timeout: 60_000 });
    const noise = await page.locator('[data-walk] [data-frame] small').allTextContents();
    assert.ok(noise.some((said) => said.includes('Δ') && number(said.replace('Δ', '')) > 0.01));
  },
  { timeout: 120_000 },
);
