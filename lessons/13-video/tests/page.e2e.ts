import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { near, number } from '#tests/e2e/lesson.ts';

const LESSON = '/en/13-video/';

async function open(ctx: TestContext, query: string): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  return page;
}
const row = async (page: Page, id: string) =>
  (await page.locator(`tr[data-row="${id}"] td`).allTextContents()).map(number);
const choose = (page: Page, name: string) =>
  page.locator('[data-panel]').getByRole('radio', { name, exact: true }).check({ force: true });
/** What the network itself holds of the number that is computed by hand, and what the page makes of it. */
async function byHand(page: Page) {
  const cells = page.locator('[data-by-hand] dl dd');
  await page.waitForFunction(() => document.querySelectorAll('[data-by-hand] dl dd').length >= 5);
  const numbers = (await cells.allTextContents()).map(number);
  return { made: numbers[2] ?? NaN, held: numbers[3] ?? NaN };
}

test(
  'a tubelet is pulled out by keys, its number is the tensor’s, and frames apart make as many more tokens',
  async (ctx) => {
    const page = await open(ctx, 'view=cut&part=pull&cut=tubelets&tok=27');
    const board = page.locator('[data-panel] [data-field="tok"]');
    await page.locator('[data-model-line="ready"] b').waitFor({ timeout: 90_000 });
    const first = await byHand(page);
    near(first.made, first.held, 'by hand', 1e-3, 1e-4);
    assert.equal(await board.getAttribute('data-place'), '0.3.3');
    await board.focus();
    await board.press('PageDown');
    await board.press('ArrowRight');
    assert.equal(await board.getAttribute('data-place'), '1.3.4');
    await page.waitForFunction(() => location.search.includes('tok=92'));
    const second = await byHand(page);
    near(second.made, second.held, 'by hand', 1e-3, 1e-4);
    assert.equal(await page.locator('[data-tokens]').getAttribute('data-tokens'), '256');
    await choose(page, 'frames');
    await page.locator('[data-tokens="512"]').waitFor();
    assert.equal(await board.getAttribute('data-place'), '2.3.4');
  },
  { timeout: 120_000 },
);

test(
  'both beginnings are blind in their way; sizes are counted live',
  async (ctx) => {
    const page = await open(ctx, 'view=cut&part=start');
    await page.locator('[data-starts="here"]').waitFor({ timeout: 90_000 });
    const [learned, inflated, central] = await Promise.all(
      ['learned', 'inflated', 'central'].map((id) => row(page, id)),
    );
    assert.equal(inflated![0], inflated![1]);
    assert.equal(central![0], central![2]);
    near(inflated![2]!, learned![2]!, 'inflated, still', 1e-3, 2e-4);
    near(central![2]!, learned![2]!, 'central, still', 1e-3, 2e-4);
    assert.notEqual(learned![0], learned![1]);
    assert.equal(await page.locator('[data-still]').count(), 0, 'something moves in the chosen tubelet');
    assert.equal((await row(page, 'moved-inflated'))[0], 0);
    assert.equal((await row(page, 'moved-central'))[1], 0);
    await choose(page, 'count');
    await page.locator('[data-count="3136"]').waitFor();
    assert.match((await page.locator('tr[data-row="pairs"] td').nth(1).textContent()) ?? '', /^9,834,496$/);
    await page.getByRole('slider', { name: 'Tubelet, frames' }).press('ArrowRight');
    await page.locator('[data-count="1568"]').waitFor();
  },
  { timeout: 120_000 },
);

test('four ways: programs with shapes, who sees whom, and the paper’s counts', async (ctx) => {
  const page = await open(ctx, 'view=ways&how=program&way=factorised-dot-product');
  const shape = async (name: string) => {
    const sizes = page.locator(`[data-program] tr[data-row="${name}"] .shape .size`);
    await sizes.first().waitFor();
    return sizes.allTextContents();
  };
  assert.deepEqual(await shape('blocks.0.attn.time.probs'), ['196', '6', '16', '16']);
  await choose(page, 'all together');
  await page.locator('[data-program="joint"]').waitFor();
  assert.deepEqual(await shape('blocks.0.attn.probs'), ['12', '3137', '3137']);
  await choose(page, 'pairs');
  await choose(page, 'heads divided');
  await page.locator('[data-seen="67"]').waitFor();
  await choose(page, '2 blocks');
  await page.locator('[data-seen="256"]').waitFor();
  await choose(page, 'two encoders');
  await page.locator('[data-seen="64"]').waitFor();
  await choose(page, 'cost');
  await page.locator('[data-costs="all"]').waitFor({ timeout: 30_000 });
  for (const form of ['joint', 'factorised-encoder', 'factorised-self-attention']) {
    const [, giga] = await row(page, `printed-${form}`);
    const macs = (await row(page, form))[1]!;
    near(macs, giga!, form, 0.01);
  }
});

test('a worked cell builds the kernels of the table, and follows the chosen tubelet', async (ctx) => {
  const page = await open(ctx, 'view=cut&part=start');
  await page.locator('[data-starts="here"]').waitFor({ timeout: 90_000 });
  const worked = page.locator('[data-worked="starts"]');
  await worked.getByRole('button').click();
  /** Of each kernel: the tubelet as it runs, and backward. */
  const computed = async () =>
    (await worked.locator('[data-result="table"] tbody tr').allInnerTexts()).map((line) =>
      line.split(/\s+/).slice(1).map(number),
    );
  const same = async () => {
    const rows = await computed();
    for (const [k, start] of ['learned', 'inflated', 'central'].entries()) {
      const [runs, reversed] = await row(page, start);
      near(rows[k]?.[0] ?? NaN, runs ?? NaN, `${start} as it runs`, 1e-3, 1e-4);
      near(rows[k]?.[1] ?? NaN, reversed ?? NaN, `${start} reversed`, 1e-3, 1e-4);
    }
    return rows;
  };
  await worked.locator('[data-result="table"]').waitFor({ timeout: 60_000 });
  const before = await same();
  await page.locator('[data-panel] [data-field="tok"]').press('ArrowRight');
  await page.waitForFunction(() => location.search.includes('tok=28'));
  await worked
    .locator('[data-result="table"] tbody tr')
    .first()
    .filter({ hasNotText: String(before[0]?.[0]) })
    .waitFor();
  await same();
});
