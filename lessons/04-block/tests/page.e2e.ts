import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { answered, chipIs, openLesson as openPage, queryHas, slide } from '#tests/e2e/lesson.ts';

const LESSON = '/en/04-block/';
/** What lessons/04-block/tests/reference.py found for the lesson's first picture. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/04-block/tests/golden.safetensors')));
const reference = (name: string) => [...golden.float32(name)];

/** Opens a page of the lesson and waits until its controls answer: the model is asked for as soon as scripts run. */
async function openLesson(ctx: TestContext, path: string, options = {}): Promise<Page> {
  const page = await openPage(ctx, path, options);
  await page
    .locator(':is([data-model-line="loading"], [data-model-line="ready"], [data-work], [data-order])')
    .first()
    .waitFor({ state: 'attached' });
  return page;
}

/** The numbers in a text, true minus signs read as such. */
const numbers = (text: string | null) =>
  [...(text ?? '').replace(/−/g, '-').matchAll(/-?\d[\d,]*(\.\d+)?(e-?\d+)?/g)].map((m) =>
    Number(m[0].replace(/,/g, '')),
  );
async function number(page: Page, selector: string): Promise<number> {
  const place = page.locator(selector).first();
  await place.waitFor({ timeout: 90_000 });
  return numbers(await place.textContent())[0]!;
}
/** Chromium and libwebp decode a picture to bytes that differ by one here and there. */
function near(shown: number, expected: number, part: number, what: string, least = 1e-3) {
  assert.ok(
    Math.abs(shown - expected) <= part * Math.abs(expected) + least,
    `${what}: ${shown} on the page, ${expected} in PyTorch`,
  );
}
const settled = (page: Page) =>
  page.waitForFunction(
    () => !document.querySelector('.panel [aria-busy="true"], .panel .pending'),
    undefined,
    {
      timeout: 60_000,
    },
  );
/** Every row of a chart's table, numbers only. */
async function table(page: Page, measure: string): Promise<number[][]> {
  const place = page.locator(`[data-measure="${measure}"] details`);
  await place.waitFor({ timeout: 90_000, state: 'attached' });
  await place.evaluate((e) => ((e as HTMLDetailsElement).open = true));
  const rows = await place
    .locator('tbody tr')
    .evaluateAll((list) =>
      list.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
    );
  return rows.map((cells) => cells.map((c) => numbers(c)[0]!));
}

test(
  'the diagram is the graph: its nodes, shapes and edges follow block and patch size; a node opens its tensor',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?device=wasm`);
    const diagram = page.locator('[data-block-diagram]');
    const names = await diagram
      .locator('[data-tensor]')
      .evaluateAll((list) => list.map((g) => g.getAttribute('data-tensor')));
    assert.equal(names.length, 17);
    assert.equal(names[0], 'blocks.4');
    assert.equal(names.at(-1), 'blocks.5');
    assert.equal(await diagram.locator('[data-edge]').count(), 20);
    const chipOf = async (name: string) =>
      (await diagram.locator(`[data-tensor="${name}"] [data-chip]`).textContent())!.replace(/\s/g, '');
    assert.equal(await chipOf('blocks.5.attn.scores'), '3×197×197');
    assert.equal(await chipOf('blocks.5.mlp.fc1'), '197×768');
    await page.getByRole('radio', { name: '32', exact: true }).focus();
    await page.keyboard.press('Space');
    await chipIs(page, 'blocks.5.attn.probs', [3, 50, 50]);
    assert.equal(await chipOf('blocks.5.attn.scores'), '3×50×50');
    await slide(page, 'Block', 0);
    await queryHas(page, 'b=0');
    await diagram.locator('[data-tensor="tokens"]').waitFor();
    await diagram.locator('[data-tensor="blocks.0.mlp.gelu"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('[data-drawer="blocks.0.mlp.fc2"]').waitFor();
    await page.keyboard.press('Escape');
    await diagram.locator('[data-tensor="blocks.0.norm1"]').click();
    await page.locator('[data-drawer="blocks.0.norm1"]').waitFor();
  },
  { timeout: 120_000, motion: true },
);

test(
  'a followed token shows its own values; only keys and values come from every token',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?v=1&s=token&view=block&follow=1&b=5&device=wasm`);
    await page.locator('path[data-edge].others').first().waitFor({ state: 'attached' });
    const dashed = await page
      .locator('path[data-edge].others')
      .evaluateAll((list) => list.map((e) => e.getAttribute('data-edge')));
    assert.deepEqual(dashed, ['blocks.5.attn.k>blocks.5.attn.scores', 'blocks.5.attn.v>blocks.5.attn.out']);
    const before = await number(page, '[data-length]');
    near(before, reference('token.length')[0]!, 0.02, 'length of q, k, v');
    for (const name of golden.names().filter((n) => /^reach\.(?!\d)/.test(n))) {
      const said = page.locator(`text.aside[data-from="tensor:blocks.5.${name.slice(6)}"]`);
      const most = Math.max(...numbers(await said.textContent()).map(Math.abs));
      near(most, reference(name)[0]!, 0.03, name, 0.01);
    }
    await page.getByRole('application', { name: /patches/i }).focus();
    await page.keyboard.press('ArrowUp');
    await page.locator('[data-token="96"]').waitFor();
    await page.waitForFunction(
      (old) => document.querySelector('[data-length]')?.textContent !== old,
      String(before),
    );
    await queryHas(page, 'at=');
    await page.locator('[data-change-picture]').click();
    await page.locator('[data-picture="sunflower"]').click();
    await queryHas(page, 'pic=sunflower');
    await page.getByText('Sunflower').first().waitFor();
    await page.getByRole('radio', { name: 'CLS' }).focus();
    await page.keyboard.press('Space');
    await queryHas(page, 'cls=1');
    await page.locator('[data-token="0"]').waitFor();
    assert.notEqual(await number(page, '[data-length]'), before);
    await page.getByRole('radio', { name: 'Shapes' }).focus();
    await page.keyboard.press('Space');
    assert.equal(await page.locator('path[data-edge].others').count(), 0);
  },
  { timeout: 120_000 },
);

test(
  'the LayerNorm by hand is PyTorch’s',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?v=1&s=norm&view=norm&k=7&device=wasm`);
    near(await number(page, '[data-value="mean"]'), reference('norm.mean')[0]!, 0.02, 'mean', 2e-4);
    near(await number(page, '[data-value="variance"]'), reference('norm.variance')[0]!, 0.02, 'variance');
    near(await number(page, '[data-value="result"]'), reference('norm.result')[7]!, 0.02, 'feature 7', 0.02);
    assert.ok((await number(page, '[data-value="apart"]')) < 1e-4);
    await slide(page, 'Feature', 3);
    await settled(page);
    near(await number(page, '[data-value="own"]'), reference('norm.result')[3]!, 0.02, 'feature 3', 0.02);
    await page.getByRole('radio', { name: /LN 2/ }).focus();
    await page.keyboard.press('Space');
    await page.getByText('blocks.5.norm2.weight').waitFor();
    await queryHas(page, 'ln=2');
    assert.ok((await number(page, '[data-value="apart"]')) < 1e-4);
  },
  { timeout: 120_000 },
);

test(
  'the inputs of GELU are counted as in PyTorch',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?v=1&s=gelu&view=gelu&device=wasm`);
    near(await number(page, '[data-value="below"]'), 100 * reference('gelu.below')[0]!, 0.01, 'below 0');
    near(await number(page, '[data-value="quiet"]'), 100 * reference('gelu.quiet')[0]!, 0.01, 'quiet');
    near(await number(page, '[data-value="mean"]'), reference('gelu.mean')[0]!, 0.01, 'mean');
    const counts = reference('gelu.counts');
    const top = counts.indexOf(Math.max(...counts));
    const histogram = page.getByRole('application', { name: /inputs of GELU/ });
    await histogram.focus();
    // The first key stands on the column right of the middle one.
    for (let i = 50; i !== top; i += Math.sign(top - i))
      await page.keyboard.press(top > 50 ? 'ArrowRight' : 'ArrowLeft');
    await page.keyboard.press('ArrowRight');
    const said = await page.locator('.gelu figure p').filter({ hasText: 'values' }).first().textContent();
    const shown = numbers(said);
    const column = Math.round((shown[0]! + 6) / 0.1);
    near(shown[2]!, counts[column]!, 0.03, `column ${column}`, 12);
    await page.getByRole('radio', { name: 'this token' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('768 values').waitFor();
  },
  { timeout: 120_000 },
);

test('the parameters of a block: 7,087,872 in ViT-B, 12 D² + 13 D in all sizes', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?v=1&s=work&view=work&device=wasm`);
  const shown = async () => [await number(page, '[data-parameters]'), await number(page, '[data-formula]')];
  assert.deepEqual(await shown(), [7_087_872, 7_087_872]);
  assert.equal(await number(page, '[data-known] td'), 7_087_872);
  for (const [name, id, D] of [
    ['ViT-Ti', 'ti', 192],
    ['ViT-S', 's', 384],
    ['ViT-L', 'l', 1024],
    ['ViT-H', 'h', 1280],
  ] as const) {
    await page.getByRole('radio', { name }).focus();
    await page.keyboard.press('Space');
    await page.locator(`[data-work="${id}"]`).waitFor();
    assert.deepEqual(await shown(), [12 * D * D + 13 * D, 12 * D * D + 13 * D]);
  }
  for (const id of ['ti', 's', 'b', 'l', 'h']) {
    await page.getByRole('radio', { name: `ViT-${id[0]!.toUpperCase()}${id.slice(1)}`, exact: true }).check();
    await page.locator(`[data-work="${id}"]`).waitFor();
    const [thousands, rest] = reference(`work.${id}.parameters`);
    assert.equal((await shown())[0], 1000 * thousands! + rest!, `parameters of ${id} in PyTorch`);
    const said = (await page.locator('[data-work] [data-macs]').textContent())!;
    const unit = { M: 1e6, G: 1e9 }[said.trim().at(-1)!]!;
    near(numbers(said)[0]! * unit, reference(`work.${id}.macs`)[0]!, 0.005, `multiply-adds of ${id}`);
  }
  const steps = await page.locator('[data-work] svg text.aside[data-from="graph"]').allTextContents();
  assert.ok(steps.includes((4 * 1280 * 1280 + 1280).toLocaleString('en')), 'fc2 of ViT-H');
});

test(
  'norms and cosines over depth are PyTorch’s',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?v=1&s=depth&view=depth&device=wasm`);
    for (const measure of ['norm', 'cosine'] as const) {
      const shown = await table(page, measure);
      // The page puts the median before the two ends.
      const expected = reference(`depth.${measure}`).map(
        (_, i, all) => all[i - (i % 5) + [0, 1, 3, 2, 4][i % 5]!]!,
      );
      assert.equal(shown.length * 5, expected.length);
      shown.flat().forEach((v, i) => near(v, expected[i]!, 0.02, `${measure} ${Math.floor(i / 5)}`, 0.02));
    }
  },
  { timeout: 120_000 },
);

test(
  'blocks left out change the answer as in PyTorch',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?v=1&s=skip&view=skip&off=32&device=wasm`);
    const ids = (
      JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as { labels: { id: string }[] }
    ).labels.map((l) => l.id);
    const compare = async (key: string) => {
      await page.locator('[data-changes] tbody tr').first().waitFor({ timeout: 90_000 });
      await page.locator('[data-changes][aria-busy="false"]').waitFor({ timeout: 60_000 });
      const rows = await page
        .locator('[data-changes] tbody tr')
        .evaluateAll((list) => list.map((r) => [r.getAttribute('data-class'), r.textContent] as const));
      for (const [id, words] of rows) {
        const [before, after] = numbers(words!.replace(/^[^%]*?(?=[\d.]+ %)/, ''));
        near(before!, 100 * reference('skip.none')[ids.indexOf(id!)]!, 0.02, `${id}, intact`, 0.4);
        near(after!, 100 * reference(key)[ids.indexOf(id!)]!, 0.02, `${id}, ${key}`, 0.4);
      }
    };
    await compare('skip.block5');
    for (let i = 0; i < 12; i++)
      if (i !== 5) await page.getByRole('button', { name: `Block ${i}: runs` }).click();
    await queryHas(page, 'off=4095');
    await compare('skip.all');
    await page.getByRole('button', { name: 'All on' }).click();
    await compare('skip.none');
    await page.getByRole('button', { name: 'Leave out each in turn' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Leave out each in turn' }).click();
    await page.locator('[data-sweep="12"]').waitFor({ timeout: 90_000 });
    const each = reference('skip.each');
    for (let i = 0; i < 12; i++)
      near(await number(page, `[data-without="${i}"]`), 100 * each[i]!, 0.02, `without block ${i}`, 0.4);
  },
  { timeout: 180_000 },
);

test('pre-norm has nothing but sums on the stream, post-norm its norms too', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?v=1&s=skip&view=skip&device=wasm`);
  await page.getByRole('radio', { name: 'Order', exact: true }).focus();
  await page.keyboard.press('Space');
  const first = (order: string) => page.locator(`[data-order="${order}"] [data-edge]`);
  await first('post').first().waitFor({ state: 'attached' });
  const edges = async (order: string) =>
    first(order).evaluateAll((list) => list.map((e) => e.getAttribute('data-edge')));
  assert.ok((await edges('pre')).includes('tokens>blocks.0.norm1'));
  assert.ok((await edges('post')).includes('tokens>blocks.0.attn.qkv'));
  assert.ok((await edges('post')).includes('blocks.0.attn.residual>blocks.0.norm1'));
});

test(
  'the colours of the tokens explain as much as PyTorch’s components, and follow the picture',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?v=1&s=maps&view=maps&device=wasm`);
    const sum = async () => number(page, '[data-share="sum"]');
    const expect = (key: string, depth: number) =>
      100 *
      reference(key)
        .slice(3 * depth, 3 * depth + 3)
        .reduce((a, b) => a + b, 0);
    await page.locator('[data-maps="own"]').waitFor({ timeout: 90_000 });
    near(await sum(), expect('pca.own', 12), 0.01, 'own, last depth', 0.3);
    for (let c = 0; c < 3; c++) {
      const share = await number(page, `[data-share="${c}"]`);
      near(share, 100 * reference('pca.own')[36 + c]!, 0.02, `share of colour ${c}`, 0.2);
      const said = numbers(await page.locator('.shares td.range').nth(c).textContent());
      // A component may point either way.
      const ends = [...reference('pca.range').slice(2 * c, 2 * c + 2)];
      const other = ends.map((v) => -v).reverse();
      const off = (to: number[]) => Math.max(...to.map((v, i) => Math.abs(v - said[i]!)));
      const apart = Math.min(off(ends), off(other));
      assert.ok(apart < 0.05 * (ends[1]! - ends[0]!), `range of colour ${c}: ${said}, PyTorch ${ends}`);
    }
    await page.getByRole('application', { name: /one map a depth/ }).focus();
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await queryHas(page, 'd=10');
    await page.locator('[data-depth-shown="10"]').waitFor();
    near(await sum(), expect('pca.own', 10), 0.01, 'own, depth 10', 0.3);
    await page.getByRole('radio', { name: 'of all depths together' }).focus();
    await page.keyboard.press('Space');
    await page.locator('[data-maps="all"]').waitFor({ timeout: 30_000 });
    near(await sum(), expect('pca.all', 10), 0.02, 'all, depth 10', 0.5);
    const before = await sum();
    await page.goto(ctx.url(`${LESSON}?v=1&s=maps&view=maps&d=10&basis=all&pic=sunflower&device=wasm`));
    await page.locator('[data-maps="all"]').waitFor({ timeout: 90_000 });
    assert.notEqual(await sum(), before);
  },
  { timeout: 180_000 },
);

test('the exercise knows every shape from the graph', async (ctx) => {
  const page = await openLesson(ctx, LESSON);
  const form = page.locator('[data-exercise]').first();
  await form.getByRole('textbox').nth(0).fill('50');
  await form.getByRole('textbox').nth(1).fill('1024');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.locator('[data-verdict="wrong"]').waitFor();
  await form.getByRole('textbox').nth(1).fill('4096');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.getByText('7 × 7 + 1 = 50 tokens').waitFor();
});

test('the stage of a phone leaves the prose its room', async (ctx) => {
  // The picture's half is hidden at first, so the page is opened without waiting for its canvas.
  const page = await ctx.page({ width: 390, height: 844, touch: true });
  await page.goto(ctx.url('/zh/04-block/'));
  await page
    .locator(':is([data-model-line="loading"], [data-model-line="ready"])')
    .waitFor({ state: 'attached' });
  for (const step of ['map', 'token', 'norm', 'gelu', 'work', 'depth', 'skip', 'order', 'maps']) {
    await page.evaluate((id) => document.getElementById(id)?.scrollIntoView({ behavior: 'instant' }), step);
    await page.locator(`[data-step="${step}"].on`).waitFor();
    const box = (await page.locator('.stage').boundingBox())!;
    assert.ok(box.height <= 0.45 * 844 + 1, `${step}: ${box.height} px`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  }
});

test('the answer stays in sight while blocks change', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?device=wasm`);
  await answered(page);
  await slide(page, 'Block', 8);
  await queryHas(page, 'b=8');
  assert.ok(await page.locator('[data-model-line="ready"] b').isVisible());
});
