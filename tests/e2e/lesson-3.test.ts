import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '../../src/lib/weights/safetensors.ts';
import { test, type TestContext } from './harness.ts';
import { answered, openLesson, queryHas, slide } from './lesson.ts';

const LESSON = '/en/03-attention/';
const golden = parseSafetensors(new Uint8Array(readFileSync('tests/golden/lesson-03.safetensors')));
const known = (name: string) => golden.float32(name);
const labels = (
  JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as { labels: { id: string }[] }
).labels.map((l) => l.id);

const number = (text: string | null | undefined) => parseFloat((text ?? '').trim().replaceAll('−', '-'));
/** Chromium and Pillow decode a picture to bytes that differ by one here and there; what follows differs a little. */
function near(shown: number, expected: number, what: string, part = 0.02, least = 0.002): void {
  const most = Math.max(least, part * Math.abs(expected));
  assert.ok(Math.abs(shown - expected) <= most, `${what}: ${shown} on the page, ${expected} in PyTorch`);
}
async function open(ctx: TestContext, query: string, options = {}): Promise<Page> {
  const page = await openLesson(ctx, `${LESSON}?v=1&device=wasm&${query}`, options);
  await answered(page);
  return page;
}
const stat = async (page: Page, label: string | RegExp) => {
  const box = page.locator('.stage div', { has: page.locator('> span', { hasText: label }) });
  return number(await box.locator('> b').first().textContent());
};

test(
  'measures, readings and the cell by hand are PyTorch’s numbers',
  async (ctx) => {
    const page = await open(ctx, 'view=far');
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
    near(await stat(page, 'on CLS'), 100 * known('row')[0]!, 'on CLS', 0.03, 0.02);

    const view = (name: string) => page.getByRole('radio', { name, exact: true }).check({ force: true });
    await view('One cell');
    const shown = async (heading: string | RegExp) => {
      const term = page.locator('.stage dt', { hasText: heading }).first();
      await term.waitFor({ timeout: 60_000 });
      return number(await term.locator('xpath=following-sibling::dd').textContent());
    };
    near(await shown('scores['), known('score')[0]!, 'score');
    near(await shown('in the tensor'), known('score')[0]!, 'score in the tensor');
    near(
      await shown('sum of 64 products'),
      known('products').reduce((a, b) => a + b, 0),
      'sum of products',
    );
    await view('2 Softmax');
    await page.getByRole('slider', { name: 'Temperature' }).fill('0.5');
    near(await stat(page, /^share$/), 100 * known('cool')[0]!, 'share at τ = 0.5', 0.05, 0.01);
    await view('3 Mix');
    near(await shown('out['), known('mixed')[0]!, 'mixed value');

    await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&view=compare&how=rollout&cls=1&l=11&h=1`));
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
      const [onCls, , entropy, overlap] = await reading(way);
      const weights = known(name);
      near(onCls!, 100 * weights[0]!, `${way}: on CLS`, 0.04, 0.05);
      near(entropy!, -weights.reduce((s, a) => s + a * Math.log2(a), 0), `${way}: entropy`);
      const common = weights.reduce((s, a, i) => s + Math.min(a, known('cls_row')[i]!), 0);
      near(overlap!, common, `${way}: overlap`);
    }
  },
  { timeout: 240_000 },
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
    await page.getByRole('button', { name: 'Put all back' }).click();
    await page.locator('[data-painted="0"]').waitFor();
    const paint = page.getByRole('application', { name: /to paint on/ });
    await paint.focus();
    await page.keyboard.press('Space');
    await page.locator('[data-painted="1"]').waitFor();

    await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&view=break&cut=occlude&p=32&cls=1`));
    await answered(page);
    await page.getByRole('button', { name: 'Compute the map' }).click();
    await page.getByText(/[1-9]\d* of 49 passes/).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('[data-occlusion="idle"]').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('[data-occlusion="done"]').waitFor({ timeout: 120_000 });
    await page.getByText('49 of 49 passes').waitFor();
  },
  { timeout: 300_000 },
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
