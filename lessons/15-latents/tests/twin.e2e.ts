import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { number } from '#tests/e2e/lesson.ts';

// Few steps: what is held here does not depend on how well the painting comes out.
const SHORT = 'n=5&style=noto&seed=1&word=goat';

async function open(ctx: TestContext, query: string): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`/en/15-latents/?v=1&device=wasm&${SHORT}&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  return page;
}
const cells = async (page: Page, row: string) =>
  (await page.locator(`tr[data-row="${row}"] td`).allTextContents()).map((cell) => cell.replace(/\s/g, ''));
/** How far a picture is from the one beside it, as it says. */
async function apart(page: Page, tile: string): Promise<number> {
  const said = page.locator(`[data-tile="${tile}"][data-come="yes"] small`);
  await said.waitFor({ timeout: 90_000 });
  return number(/[\d.]+/.exec((await said.textContent()) ?? '')?.[0]);
}

test('U-Net and U-ViT stand side by side by their graphs', async (ctx) => {
  const page = await open(ctx, 'view=twin');
  await page.locator('[data-twin]').waitFor();
  assert.deepEqual(await cells(page, 'macs'), ['375M', '380M']);
  assert.deepEqual(await cells(page, 'cross'), ['0', '11']);
  assert.equal(await page.locator('[data-twin] [data-level]').count(), 6);
});

test('tokens of large pictures, and what was published of them', async (ctx) => {
  const page = await open(ctx, 'view=table');
  await page.locator('[data-tokens="256"]').waitFor();
  const tokens = async () =>
    Promise.all(['pixels-2', 'latents-2'].map(async (row) => (await cells(page, row))[1]));
  assert.deepEqual(await tokens(), ['16,384', '256']);
  assert.equal((await cells(page, 'uvit-h-256')).at(-1), '2.29');
  await page.getByRole('radio', { name: '512 pixels' }).check({ force: true });
  await page.locator('[data-published="512"]').waitFor();
  assert.deepEqual(await tokens(), ['65,536', '1,024']);
  await page.goto(ctx.url('/en/15-latents/?v=1&device=wasm&view=judged'));
  await page.locator('[data-judged]').first().waitFor({ timeout: 60_000 });
});

test(
  'another factor breaks a picture more than none; another’s noise less, the later',
  async (ctx) => {
    const page = await open(ctx, 'view=break&brk=scale');
    const other = await apart(page, 'wrong');
    await page.getByRole('radio', { name: 'none', exact: true }).check({ force: true });
    await page.waitForFunction(
      (was) => {
        const said = document.querySelector('[data-tile="wrong"][data-come="yes"] small')?.textContent ?? '';
        return said !== '' && !said.startsWith(was);
      },
      other.toFixed(2),
      { timeout: 30_000 },
    );
    const none = await apart(page, 'wrong');
    assert.ok(other > 2 * none && other > 0.2, `${other} with another factor, ${none} with none`);
    await page.goto(ctx.url(`/en/15-latents/?v=1&device=wasm&${SHORT}&view=break&brk=noise&k=2`));
    const early = await apart(page, 'mixed');
    await page.goto(ctx.url(`/en/15-latents/?v=1&device=wasm&${SHORT}&view=break&brk=noise&k=5`));
    const late = await apart(page, 'mixed');
    assert.ok(early > late, `${early} early, ${late} late`);
  },
  { timeout: 150_000 },
);

test(
  'cut skips change a painting, and no cut none does',
  async (ctx) => {
    const page = await open(ctx, 'view=break&brk=skips&cut=none');
    assert.equal(await apart(page, 'denoiser-cut'), 0);
    await page.getByRole('radio', { name: 'all', exact: true }).check({ force: true });
    await page.locator('[data-tile="denoiser-cut"]', { hasText: '4 of 4' }).waitFor();
    await page.waitForFunction(
      () =>
        Number(
          /[\d.]+/.exec(
            document.querySelector('[data-tile="denoiser-cut"][data-come="yes"] small')?.textContent ?? '',
          )?.[0],
        ) > 0.05,
      undefined,
      { timeout: 60_000 },
    );
  },
  { timeout: 120_000 },
);
