import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { PageOptions, TestContext } from './harness.ts';
import { test } from './harness.ts';
import { untracedNumerals, visibleNumerals } from './numerals.ts';

/** Opens the page of a whole model and waits until the drawing has its view. */
async function open(ctx: TestContext, path: string, options: PageOptions = {}): Promise<Page> {
  const page = await ctx.page(options);
  await page.goto(ctx.url(path));
  await page.locator('[data-whole][data-ready]').waitFor({ timeout: 30_000 });
  return page;
}
/** Waits until so many tensors show their values and nothing newer is on its way. */
const painted = (page: Page, least: number) =>
  page.waitForFunction(
    (n) =>
      Number(document.querySelector('[data-drawing]')?.getAttribute('data-drawing')) >= n &&
      !document.querySelector('[data-computing]'),
    least,
    { timeout: 90_000 },
  );
/** Waits until the address says so. */
const addressHas = (page: Page, part: string) =>
  page.waitForFunction((p) => decodeURIComponent(location.search).includes(p), part);

const CELL = [1, 20, 33] as const;
const PROBS = 'blocks.2.attn.probs';

test(
  'the whole ViT: all tensors come, a cell under the pointer has the value that the inspector gives, and is linked',
  async (ctx) => {
    // The view is centred on that cell: head 1 begins 197 rows and a gap of 12 below head 0.
    const at = `${PROBS}~${CELL[2] + 0.5}~${197 + 12 + CELL[1] + 0.5}~60`;
    const page = await open(ctx, `/en/whole/vit-flexi/?v=1&cam=${at}&device=wasm`);
    await painted(page, 190);
    const box = (await page.locator('[data-drawing]').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    const tip = page.locator(`[data-tip="${PROBS}"]`);
    await tip.waitFor();
    assert.match((await tip.textContent())!, /\[1, 20, 33\]/);
    const hovered = await tip.locator('[data-value]').textContent();
    await page.mouse.click(x, y);
    const part = page.locator(`[data-part="${PROBS}"]`);
    assert.equal(await part.locator('[data-cell-value]').textContent(), hovered);
    assert.match(
      (await part.locator('.cell li').first().textContent())!,
      /^blocks\.2\.attn\.scores\[1, 20, :\]$/,
    );
    assert.deepEqual(await untracedNumerals(page), []);
    assert.match((await part.locator('[data-lesson]').getAttribute('href'))!, /03-attention\/#softmax$/);

    await part.locator('[data-inspect]').click();
    const value = page.locator('[data-origin] .value');
    await value.waitFor({ timeout: 60_000 });
    const [own, other] = [hovered!, (await value.textContent())!].map((v) =>
      Number(v.replace('= ', '').replace('−', '-').replace('−', '-')),
    );
    assert.ok(Math.abs(own! - other!) <= 2e-4 * Math.abs(other!), `${own} here, ${other} in the inspector`);
  },
  { timeout: 150_000 },
);

test(
  'the whole U-ViT: a walk by keyboard, whose link leads to the same stop and view; a new time makes a new answer',
  async (ctx) => {
    const page = await open(ctx, '/en/whole/uvit-cifar10/?device=wasm', { reducedMotion: true });
    await painted(page, 100);
    const all = page.url();
    await page.keyboard.press('n');
    await page.keyboard.press('n');
    await page.locator('[data-walk="cut"]').waitFor();
    await page.keyboard.press('p');
    await page.locator('[data-walk="noise"]').waitFor();
    await addressHas(page, 's=noise');
    await page.getByRole('button', { name: 'The long skips' }).click();
    await addressHas(page, 's=skip');
    await addressHas(page, 'cam=');

    // From there a reader comes closer by keys, and the link holds the view.
    await page.locator('[data-drawing]').focus();
    await page.keyboard.press('+');
    await page.waitForFunction((u) => location.href !== u, page.url());
    await page.waitForTimeout(700);
    const link = page.url();
    assert.deepEqual(await untracedNumerals(page), []);
    await page.goto(link);
    await page.locator('[data-walk="skip"]').waitFor();
    await painted(page, 100);
    const seen = (url: string) => /cam=([^&]*)/.exec(decodeURIComponent(url))![1]!.split('~');
    const [before, after] = [seen(link), seen(page.url())];
    assert.equal(after[0], before[0]);
    for (const i of [1, 2, 3])
      assert.ok(Math.abs(Number(after[i]) - Number(before[i])) < 1, `${before} ${after}`);

    // Tab goes through the parts, Enter flies there and opens its tensors; 0 shows all again.
    await page.locator('[data-go="mid_block"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-go="mid_block.attn.probs"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-part="mid_block.attn.probs"]').waitFor();
    const range = () => page.locator('[data-part] .range').textContent();
    const first = await range();
    await page.getByRole('slider', { name: 'Time t' }).press('PageUp');
    await page.getByRole('slider', { name: 'Time t' }).press('End');
    await page.waitForFunction(
      (text) => document.querySelector('[data-part] .range')?.textContent !== text,
      first,
      { timeout: 30_000 },
    );
    await page.locator('[data-drawing]').focus();
    await page.keyboard.press('0');
    await page.waitForFunction(() => !location.search.includes('cam='));
    assert.ok(all);
  },
  { timeout: 150_000 },
);

test('on a phone, in Chinese, the whole model has its room and nothing is wider than the screen', async (ctx) => {
  const page = await open(ctx, '/zh/whole/uvit-cifar10/?device=wasm', {
    width: 390,
    height: 844,
    touch: true,
  });
  await painted(page, 100);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} pixels too wide`);
  assert.match((await page.locator('h1').textContent())!, /完整的 U-ViT/);
  const box = (await page.locator('[data-drawing]').boundingBox())!;
  assert.ok(box.width >= 388 && box.height >= 300, JSON.stringify(box));
  await page.locator('[data-start-walk]').tap();
  await page.locator('[data-walk="noise"] h2').waitFor();
  assert.deepEqual(await untracedNumerals(page), []);
});

test(
  'without the model the drawing stands by its shapes, says so, and claims no value',
  async (ctx) => {
    ctx.fault(/\/models\/.*\.safetensors/, (_request, response) => void response.writeHead(404).end());
    ctx.allow(/404/);
    const page = await open(ctx, '/en/whole/vit-flexi/?v=1&t=blocks.0.attn.probs&cell=0.1.2&device=wasm');
    await page.locator('[data-fault]').first().waitFor({ timeout: 30_000 });
    await page.getByText('by its shapes alone').waitFor();
    assert.match((await page.locator('[data-part] .facts').textContent())!, /3×197×197/);
    const claims = (await visibleNumerals(page)).filter(({ from }) => from?.startsWith('tensor:'));
    assert.deepEqual(claims, []);
    assert.deepEqual(await untracedNumerals(page), []);
  },
  { faults: true },
);

test('a link with a stop, a tensor or a patch size that there is not says so, and the rest of it is used', async (ctx) => {
  const page = await ctx.page();
  for (const query of ['s=nowhere', 't=nothing.here', 'p=9', 'zzz=1']) {
    await page.goto(ctx.url(`/en/whole/vit-flexi/?v=1&${query}&pic=koala&device=wasm`));
    await page.locator('[data-link-note]').waitFor();
    await page.locator('[data-start-walk]').waitFor();
    assert.equal(await page.locator('[data-part]').count(), 0, query);
    await page.getByText('Koala', { exact: false }).first().waitFor();
  }
});
