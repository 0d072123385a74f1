import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { near, number } from '#tests/e2e/lesson.ts';

const SCENE = '001y2c2o11f1521o2g1ed2245g2c19i456461o1j935k602019';
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/14-detection/tests/golden.safetensors')),
);

async function open(ctx: TestContext, query: string): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`/en/14-detection/?v=1&device=wasm&pic=forest&objects=${SCENE}&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  await page.locator('[data-board="answered"]').waitFor({ timeout: 90_000 });
  return page;
}
const cells = async (page: Page, row: string) =>
  (await page.locator(`[data-panel] tr[data-row="${row}"] td`).allTextContents()).map(number);

test('a query is chosen by pointer and keys; its maps, its matrix and the way with shapes are there', async (ctx) => {
  const page = await open(ctx, 'view=queries&look=cross&q=2&l=2&h=0');
  await page.locator('[data-cross="2.2.0"]').waitFor({ timeout: 60_000 });
  await page.locator('[data-query="2"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('[data-cross="3.2.0"]').waitFor();
  await page.waitForFunction(() => location.search.includes('q=3'));
  const boxes = golden.float32('boxes');
  const centre = (await page.locator('[data-cross] tr[data-row="2"] td').nth(2).textContent()) ?? '';
  near(number(centre), boxes[12]! * 64, 'centre of query 3', 0.02, 0.2);
  await page.getByRole('radio', { name: 'who sees whom' }).check({ force: true });
  await page.locator('[data-self="2.0"]').waitFor();
  await page.getByRole('radio', { name: 'all steps' }).check({ force: true });
  const sizes = (name: string) => page.locator(`tr[data-row="${name}"] .shape .size`).allTextContents();
  assert.deepEqual(await sizes('transformer.decoder.layers.0.multihead_attn.probs'), ['4', '16', '64']);
  await page.getByRole('radio', { name: 'DETR with ResNet-50' }).check({ force: true });
  await page.locator('[data-way="paper"]').waitFor();
  assert.deepEqual(await sizes('transformer.decoder.layers.0.multihead_attn.probs'), ['8', '100', '850']);
});

test('a box by hand is PyTorch’s, and encoder attention stays on the object', async (ctx) => {
  const page = await open(ctx, 'view=boxes&part=decode&q=1');
  await page.locator('[data-decoded="1"]').waitFor({ timeout: 60_000 });
  const [raw, boxes] = [golden.float32('raw'), golden.float32('boxes')];
  for (const [i, side] of ['cx', 'cy', 'w', 'h'].entries()) {
    const [z, share, held, pixels] = await cells(page, side);
    near(z!, raw[4 + i]!, side, 0.03, 0.05);
    near(share!, boxes[4 + i]!, side, 0.02, 0.005);
    assert.equal(share, held);
    near(pixels!, boxes[4 + i]! * 64, side, 0.02, 0.3);
  }
  const edge = (await page.locator('[data-edge="left"] b').textContent()) ?? '';
  near(number(edge), (boxes[4]! - boxes[6]! / 2) * 64, 'left edge', 0.03, 0.4);
  const [token, inside] = golden.float32('inside');
  await page.goto(
    ctx.url(
      `/en/14-detection/?v=1&device=wasm&pic=forest&objects=${SCENE}&view=boxes&part=encoder&tok=${token}&el=2&eh=4`,
    ),
  );
  await page.locator(`[data-encoder="2.4.${token}"] [data-share]`).waitFor({ timeout: 60_000 });
  near(
    Number(await page.locator('[data-share]').getAttribute('data-share')),
    inside!,
    'attention inside',
    0.03,
    0.01,
  );
});
