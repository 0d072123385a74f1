import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { answered, near, number, openLesson, queryHas, slide } from '#tests/e2e/lesson.ts';

const LESSON = '/en/03-attention/';
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/03-attention/tests/golden.safetensors')),
);
const known = (name: string) => golden.float32(name);
const labels = (
  JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as { labels: { id: string }[] }
).labels.map((l) => l.id);

async function open(ctx: TestContext, query: string, options = {}): Promise<Page> {
  const page = await openLesson(ctx, `${LESSON}?v=1&device=wasm&${query}`, options);
  await answered(page);
  return page;
}
const stat = async (page: Page, label: string | RegExp) => {
  const box = page.locator('.stage div', { has: page.locator('> span', { hasText: label }) });
  return number(await box.locator('> b').first().textContent());
};

/** A view, an order or a part, by its name; `last` where the name stands twice. */
const choose = (page: Page, name: string, which: 'first' | 'last' = 'first') =>
  page.getByRole('radio', { name, exact: true })[which]().check({ force: true });
const bits = (row: Float32Array) => -row.reduce((s, a) => s + (a > 0 ? a * Math.log2(a) : 0), 0);

test(
  'measures, the table, the cell by hand and every reading are PyTorch’s numbers',
  async (ctx) => {
    // High enough for the table of products.
    const page = await open(ctx, 'view=far', { height: 1000 });
    await page.locator('[data-head-table] summary').click();
    const rows = page.locator('[data-head-table] tbody tr');
    await rows.nth(35).waitFor();
    await page.waitForFunction(
      () => !document.querySelector('[data-head-table]')?.textContent.includes('NaN'),
    );
    const table = await rows.evaluateAll((trs) =>
      trs.map((tr) => [...tr.querySelectorAll('td')].map((td) => Number(td.textContent))),
    );
    table.forEach(([, entropy, distance, overlap], k) => {
      near(entropy!, known('entropy')[k]!, `entropy of head ${k}`);
      near(distance!, known('distance')[k]!, `distance of head ${k}`);
      near(overlap!, known('overlap')[k]!, `overlap of head ${k}`);
    });
    // Under the picture: the row of the patch in row 5, column 7, which is token 78.
    const row = known('row');
    const among = row.subarray(1).reduce((a, b) => a + b, 0);
    const reach = row
      .subarray(1)
      .reduce((sum, a, n) => sum + (a / among) * 16 * Math.hypot(Math.floor(n / 14) - 5, (n % 14) - 7), 0);
    near(await stat(page, 'on CLS'), 100 * row[0]!, 'on CLS', 0.03, 0.02);
    near(await stat(page, 'on itself'), 100 * row[78]!, 'on itself', 0.03, 0.02);
    near(await stat(page, /^entropy$/), bits(row), 'entropy of the row');
    near(await stat(page, /^distance$/), reach, 'distance of the row', 0.02, 0.6);

    near(number(await page.locator('[data-num="oncls"]').textContent()), 100 * row[0]!, 'oncls', 0.03, 0.02);

    await choose(page, 'Table');
    await page.locator('[data-sum]').waitFor({ timeout: 60_000 });
    near(number(await page.locator('[data-cell]').textContent()), row[111]!, 'cell [78, 111]', 0.03, 1e-5);
    near(number(await page.locator('[data-sum]').textContent()), 1, 'sum of the row', 1e-5);

    await choose(page, 'One cell');
    const shown = async (heading: string | RegExp) => {
      const term = page.locator('.stage dt', { hasText: heading }).first();
      await term.waitFor({ timeout: 60_000 });
      return number(await term.locator('xpath=following-sibling::dd').textContent());
    };
    near(await shown('scores['), known('score')[0]!, 'score');
    near(await shown('in the tensor'), known('score')[0]!, 'score in the tensor');
    const products = known('products');
    near(
      await shown('sum of 64 products'),
      products.reduce((a, b) => a + b, 0),
      'sum of products',
    );
    const line = page.locator('.stage tbody tr[aria-rowindex="2"] td');
    near(number(await line.nth(2).textContent()), products[0]!, 'first product', 0.03, 0.003);
    await choose(page, '2 Softmax');
    const scores = known('scores');
    const top = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    near(await stat(page, /^share$/), 100 * row[111]!, 'share at τ = 1', 0.05, 0.002);
    near(await stat(page, /^in the tensor, τ = 1$/), 100 * row[111]!, 'share in the tensor', 0.05, 0.002);
    await page.getByRole('slider', { name: 'Temperature' }).fill('0.5');
    near(await stat(page, /^share$/), 100 * known('cool')[0]!, 'share at τ = 0.5', 0.05, 0.01);
    near(await stat(page, /^largest score m$/), top, 'largest score');
    const powers = scores.map((s) => Math.exp((s - top) / 0.5));
    near(await stat(page, /^e to/), powers[111]!, 'power', 0.05, 1e-5);
    near(
      await stat(page, /^sum over the row$/),
      powers.reduce((a, b) => a + b, 0),
      'sum over the row',
    );
    await choose(page, '3 Mix');
    near(await shown('out['), known('mixed')[0]!, 'mixed value');

    await choose(page, 'Compare');
    await choose(page, 'Difference');
    const moved = async (wanted: number, what: string) => {
      const place = page.locator('[data-moved]');
      await page.waitForFunction(
        ([at]) => Math.abs(Number(document.querySelector('[data-moved]')?.textContent) - at!) < 0.02 * at!,
        [wanted],
        { timeout: 60_000 },
      );
      near(number(await place.textContent()), wanted, what);
    };
    await moved(known('moved')[0]!, 'weight to move between two heads');
    await slide(page, 'Second patch size', 0);
    await moved(known('moved_8')[0]!, 'weight to move between two patch sizes');

    await choose(page, 'Rollout');
    await choose(page, 'CLS');
    await slide(page, 'Layer', 11);
    const reading = async (way: string) => {
      const row = page.locator(`[data-reading="${way}"]`);
      await row.filter({ hasNotText: '…' }).waitFor({ timeout: 60_000 });
      return row.locator('td').evaluateAll((tds) => tds.map((td) => parseFloat(td.textContent)));
    };
    for (const [way, name] of [
      ['raw', 'cls_row'],
      ['rollout', 'rollout'],
      ['norm', 'norm'],
    ] as const) {
      const [onCls, onSelf, entropy, overlap] = await reading(way);
      const weights = known(name);
      near(onCls!, 100 * weights[0]!, `${way}: on CLS`, 0.04, 0.05);
      near(onSelf!, 100 * weights[0]!, `${way}: on itself`, 0.04, 0.05);
      near(entropy!, bits(weights), `${way}: entropy`);
      const common = weights.reduce((s, a, i) => s + Math.min(a, known('cls_row')[i]!), 0);
      near(overlap!, common, `${way}: overlap`);
    }
    await page.locator('[data-strongest] b').nth(4).waitFor();
    const strongest = await page.locator('[data-strongest] b').allTextContents();
    const sorted = [...known('rollout')].sort((a, b) => b - a);
    strongest.forEach((text, i) => near(number(text), 100 * sorted[i]!, `strongest ${i}`, 0.04, 0.03));
    assert.equal(strongest.length, 5);
  },
  { timeout: 180_000, motion: true },
);

test(
  'heads and patches taken out change the answer as in PyTorch; occlusion counts, stops and goes on',
  async (ctx) => {
    const page = await open(ctx, 'view=break');
    const probabilities = async () => {
      await page.locator('[data-after="ready"] [data-kept]').nth(11).waitFor({ timeout: 90_000 });
      return page.locator('[data-after] li[data-class]').evaluateAll((items) =>
        items.map((li) => ({
          id: li.getAttribute('data-class')!,
          values: [...li.querySelectorAll('b')].map((b) => parseFloat(b.textContent)),
        })),
      );
    };
    const compare = async (name: string) => {
      for (const { id, values } of await probabilities()) {
        const k = labels.indexOf(id);
        near(values[0]!, 100 * known('intact')[k]!, `${id}, intact`, 0.03, 0.3);
        near(values[1]!, 100 * known(name)[k]!, `${id}, ${name}`, 0.05, 0.6);
      }
    };
    /** The bars of what each layer's attention has kept. */
    const kept = async (name: string) => {
      const bars = await page
        .locator('[data-kept]')
        .evaluateAll((items) => items.map((li) => Number(li.getAttribute('data-kept'))));
      assert.equal(bars.length, 12);
      bars.forEach((value, l) =>
        near(value, known(`kept_${name}`)[l]!, `layer ${l} keeps, ${name}`, 0.02, 0.01),
      );
    };
    const keptIs = (l: number, whole: boolean) =>
      page.waitForFunction(
        ([at, one]) =>
          (document.querySelectorAll('[data-kept]')[at as number]?.getAttribute('data-kept') === '1.000') ===
          one,
        [l, whole] as const,
        { timeout: 60_000 },
      );
    await page.getByRole('button', { name: 'All but 9·1' }).click();
    await keptIs(11, false);
    await keptIs(9, true);
    await compare('without_head');
    await kept('head');
    await queryHas(page, 'off=');
    await page.getByRole('switch', { name: 'Layer 9, head 1' }).click();
    await page.locator('[data-off="0"]').waitFor();
    await keptIs(11, true);
    await page.getByRole('button', { name: 'Layer 2: all heads on or off' }).click();
    await page.locator('[data-off="3"]').waitFor();
    await page.getByRole('button', { name: 'All on' }).click();

    const half = '14-' + 'f'.repeat(24) + 'c';
    await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&view=break&cut=patches&mask=${half}`));
    await answered(page);
    await page.locator('[data-painted="98"]').waitFor();
    await keptIs(0, false);
    await compare('without_half');
    await kept('half');
    await page.getByRole('button', { name: 'Put all back' }).click();
    await page.locator('[data-painted="0"]').waitFor();
    const paint = page.getByRole('application', { name: /to paint on/ });
    await paint.focus();
    await page.keyboard.press('Space');
    await page.locator('[data-painted="1"]').waitFor();

    await choose(page, 'One by one');
    await slide(page, 'Patch size', 4);
    await queryHas(page, 'p=32');
    await answered(page);
    await page.getByRole('button', { name: 'Compute the map' }).click();
    await page.getByText(/[1-9]\d* of 49 passes/).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('[data-occlusion="idle"]').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('[data-occlusion="done"]').waitFor({ timeout: 120_000 });
    await page.getByText('49 of 49 passes').waitFor();
    const falls = known('occlusion');
    const far = (pick: (a: number, b: number) => boolean) =>
      falls.reduce((m, v, n) => (pick(v, falls[m]!) ? n : m), 0);
    for (const [what, n] of [
      ['falls most', far((a, b) => a > b)],
      ['rises most', far((a, b) => a < b)],
    ] as const) {
      const place = `${what} without row ${Math.floor(n / 7)}, column ${n % 7}`;
      near(-(await stat(page, place)), 100 * falls[n]!, place, 0.04, 0.15);
    }
    // Every other patch: the cursor says its number.
    const over = page.getByRole('application', { name: /How far the answer falls/ });
    await over.focus();
    for (const [key, n] of [
      ['Home', 0],
      ['ArrowDown', 7],
      ['End', 13],
    ] as const) {
      await page.keyboard.press(key);
      const text = page.locator('.stage figure > p').first();
      await page.waitForFunction(() =>
        /\d: /.test(document.querySelector('.stage figure > p')?.textContent ?? ''),
      );
      const said = (await text.textContent())!.split(': ').at(-1);
      near(number(said), falls[n]!, `without patch ${n}`, 0.05, 0.003);
    }
  },
  { timeout: 180_000 },
);

test(
  'every control answers, a hover repaints all heads, the link carries the view',
  async (ctx) => {
    const page = await open(ctx, 'p=32');
    // “Distance” is also a view; the orders come after the views.
    const press = async (name: string) => {
      const radio = page.getByRole('radio', { name, exact: true }).last();
      await radio.focus();
      await page.keyboard.press('Space');
      assert.ok(await radio.isChecked(), name);
    };
    for (const name of ['Entropy', 'Distance', 'Similar', 'Log', 'This map', 'CLS']) await press(name);
    await page.locator('[data-asks="0"]').waitFor();
    await press('Patch');
    const picture = page.getByRole('application', { name: /Where it looks/ });
    await picture.focus();
    await page.keyboard.press('Home');
    const before = await page.locator('[data-asks]').getAttribute('data-asks');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(
      (was) => document.querySelector('[data-asks]')?.getAttribute('data-asks') !== was,
      before,
    );
    await page.keyboard.press('Enter');
    await queryHas(page, 'at=');
    const grid = page.getByRole('application', { name: /36 maps/ });
    await grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await slide(page, 'Layer', 4);
    await queryHas(page, 'l=4');
    for (const name of ['Table', 'One cell', 'Distance', 'Compare', 'Break it', 'Cost', 'Heads'])
      await page.getByRole('radio', { name, exact: true }).first().check({ force: true });
    await page.goto(ctx.url(`${LESSON}?v=1&p=10&l=99&mask=zz&view=cost&size=b`));
    const note = page.locator('[data-link-note]');
    await note.getByText(/p = “10”/).waitFor();
    await note.getByText(/l = “99”/).waitFor();
    await note.getByText(/mask = “zz”/).waitFor();
    await page.getByText('At 16 px the pairs take 4.07 %').waitFor();
  },
  { timeout: 150_000 },
);

test('where a low window has no room for the table of products it opens on request, and is scrolled to', async (ctx) => {
  for (const [height, folded] of [
    [900, true],
    [1400, false],
  ] as const) {
    const page = await open(ctx, 'view=cell', { width: 1440, height });
    const rows = page.locator('.stage [data-panel] figure table tbody tr:not([aria-hidden])');
    const fold = page.locator('.stage [data-panel] .fold');
    assert.equal(await fold.count(), folded ? 1 : 0, `${height} px`);
    if (folded) {
      assert.equal(await rows.count(), 0);
      await fold.click();
    }
    await rows.first().waitFor();
    assert.ok((await rows.count()) >= 3);
    await rows.nth(2).scrollIntoViewIfNeeded();
    const [row, panel] = await Promise.all([
      rows.nth(2).boundingBox(),
      page.locator('.stage [data-panel]').boundingBox(),
    ]);
    assert.ok(
      row && panel && row.y + row.height <= panel.y + panel.height + 1,
      'the row is within the panel',
    );
  }
});

test('a device with little memory is told so and offered the next patch size', async (ctx) => {
  const page = await ctx.page();
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 2, configurable: true }),
  );
  await page.goto(ctx.url(`${LESSON}?v=1&p=8&device=wasm`));
  await page.getByText('At 8 px the attention maps of one pass take 88.7 MB').waitFor();
  await page.locator('[data-next-patch]').click();
  await queryHas(page, 'p=14');
  await answered(page);
});

test('memory refused on the way: the last answer stays, a sentence says so and offers the next patch size', async (ctx) => {
  const page = await open(ctx, 'view=heads');
  // From now on the runtime gets no more memory than it has, and says so on the console too.
  ctx.allow(/std::bad_alloc/);
  // (Its threads wait without listening; the first worker that answers is the one that allocates.)
  await Promise.any(
    page.workers().map((worker) =>
      worker.evaluate(() => {
        WebAssembly.Memory.prototype.grow = () => {
          throw new RangeError('WebAssembly.Memory.grow(): could not allocate memory');
        };
      }),
    ),
  );
  await slide(page, 'Patch size', 0);
  await page
    .locator('[data-fault="wasm-memory"]')
    .getByText(/refused the memory/)
    .waitFor({ timeout: 60_000 });
  await page.locator('[data-next-patch]').click();
  await queryHas(page, 'p=14');
});

test('a worked cell computes the distance at the dot of its head, and follows the stage', async (ctx) => {
  const page = await open(ctx, 'view=far&l=9&h=1');
  const worked = page.locator('[data-worked="distance"]');
  assert.equal(await worked.locator('.cm-editor').count(), 0, 'the editor was fetched unasked');
  await worked.getByRole('button').click();
  const said = async () => {
    const line = worked.locator('[data-name="pixels"]');
    await line.waitFor({ timeout: 60_000 });
    return number((await line.textContent())?.replace('pixels =', ''));
  };
  await page.locator('[data-head-table] summary').click();
  const own = async (head: number) =>
    Number(await page.locator('[data-head-table] tbody tr').nth(head).locator('td').nth(2).textContent());
  near(await said(), await own(28), 'distance of head 9.1', 0.001, 0.006);
  // Other numbers in the first cell are another head.
  await worked.locator('[data-cell="1"] [data-editor]').hover();
  await worked.locator('[data-cell="1"] .cm-content').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('const [layer, head] = [0, 2]');
  const wanted = await own(2);
  await page.waitForFunction(
    (pixels) =>
      Math.abs(Number(document.querySelector('[data-name="pixels"]')?.textContent.split('=')[1]) - pixels) <
      0.01,
    wanted,
    { timeout: 30_000 },
  );
});
