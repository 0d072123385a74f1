import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { near, number } from '#tests/e2e/lesson.ts';

async function open(ctx: TestContext, query: string): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`/en/14-detection/?v=1&device=wasm&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  return page;
}
const text = async (page: Page, selector: string) =>
  number((await page.locator(selector).first().textContent()) ?? '');
const row = async (page: Page, id: string) =>
  page.locator(`[data-panel] tr[data-row="${id}"] td`).allTextContents();

test(
  'the matrix is opened cell by cell, the method ends at its least total, and the loss is told of every layer',
  async (ctx) => {
    const page = await open(ctx, 'view=match&match=costs&q=0&obj=0');
    await page.locator('[data-match="costs"]').waitFor({ timeout: 90_000 });
    const objects = number((await page.locator('[data-match]').getAttribute('data-objects')) ?? '');
    assert.equal(await page.locator('[data-mark="pair"]').count(), objects);
    const [best, greedy] = [await text(page, '[data-best]'), await text(page, '[data-greedy]')];
    assert.ok(best <= greedy + 1e-3);

    const cell = page.locator('[data-cell="0.0"]');
    await cell.focus();
    await cell.press('ArrowDown');
    await page.locator('[data-pair="1.0"]').waitFor();
    const products = await page.locator('[data-sum="cost"] tr[data-term] .product').allTextContents();
    const [cost, l1, giou, total] = products.map(number);
    near(cost! + l1! + giou!, total!, 'sum', 2e-3, 2e-3);
    near(await text(page, '[data-cell="1.0"]'), total!, 'cell', 6e-3, 6e-3);

    await page.locator('[data-panel]').getByRole('radio', { name: 'the method' }).check({ force: true });
    await page.locator('[data-move="begin"]').waitFor();
    await page.getByRole('button', { name: 'Next step' }).click();
    await page.locator('[data-move="rows"]').waitFor();
    await page.getByRole('slider', { name: 'Step' }).press('End');
    await page.locator('[data-move="done"]').waitFor();
    assert.equal(await text(page, '[data-pairs]'), objects);
    near(await text(page, '[data-total]'), best, 'total', 2e-3, 2e-3);

    await page.locator('[data-panel]').getByRole('radio', { name: 'the loss' }).check({ force: true });
    await page.locator('[data-layers="4"]').waitFor();
    const losses = await Promise.all(
      ['0', '1', '2', 'sum'].map(async (id) => number((await row(page, id)).at(-1) ?? '')),
    );
    near(losses[0]! + losses[1]! + losses[2]!, losses[3]!, 'sum of layers', 4e-3, 4e-3);
    await page.locator('[data-idle]').waitFor();
  },
  { timeout: 120_000 },
);

test(
  'queries alone find things twice until that is suppressed; fewer, equal and placeless ones break',
  async (ctx) => {
    const page = await open(ctx, 'view=twice');
    await page.locator('[data-both="off"]').waitFor({ timeout: 90_000 });
    const doubles = async (id: string) => number((await row(page, id))[2] ?? '');
    assert.ok((await doubles('alone')) > (await doubles('together')));
    await page.locator('[data-panel]').getByRole('radio', { name: 'suppressed' }).check({ force: true });
    await page.locator('[data-both="on"]').waitFor();
    const gone = number((await page.locator('[data-suppression]').getAttribute('data-suppression')) ?? '');
    assert.ok(gone > 0);
    assert.equal(await doubles('alone'), 0);

    await page.getByRole('radio', { name: 'Break', exact: true }).check({ force: true });
    await page.locator('[data-both="fewer2"]').waitFor({ timeout: 60_000 });
    const found = async (id: string) => number(/^\d+/.exec((await row(page, id))[1] ?? '')?.[0] ?? '');
    const plain = await found('plain');
    assert.ok(number((await row(page, 'changed'))[0] ?? '') <= 2);
    assert.ok((await found('changed')) < plain);
    for (const [name, change] of [
      ['equal queries', 'equal'],
      ['positions off', 'positions'],
    ] as const) {
      await page.locator('[data-panel]').getByRole('radio', { name }).check({ force: true });
      await page.locator(`[data-both="${change}"]`).waitFor({ timeout: 60_000 });
      assert.ok((await found('changed')) < plain, change);
    }
  },
  { timeout: 120_000 },
);

test(
  'the table counts the published networks, and its entries open tensors of this page',
  async (ctx) => {
    const page = await open(ctx, 'view=table');
    await page.locator('[data-compare="all"]').waitFor({ timeout: 60_000 });
    const parameters = (await row(page, 'parameters')).map((cell) => number(cell.replaceAll(',', '')));
    assert.deepEqual(parameters.slice(0, 3), [86_567_656, 41_524_768, 30_684_768]);
    await page.getByRole('button', { name: 'Open memory' }).click();
    await page.locator('[data-drawer="memory"]').waitFor();
    const href = await page.locator('tr[data-row="tokens"] td[data-column="detr"] a').getAttribute('href');
    assert.match(href ?? '', /m=detr-r50&t=tokens/);
    await page.locator('[data-panel]').getByRole('radio', { name: 'CNN and patches' }).check({ force: true });
    await page.locator('[data-stems]').waitFor();
    assert.deepEqual((await row(page, 'seen')).map(number), [15, 8]);
  },
  { timeout: 120_000 },
);
