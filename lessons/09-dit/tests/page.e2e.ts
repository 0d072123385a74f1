import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { queryHas, slide } from '#tests/e2e/lesson.ts';

const LESSON = '/en/09-dit/';
/** What PyTorch computes on the same weights, picture and noise (lessons/09-dit/tests/reference.py). */
const file = parseSafetensors(new Uint8Array(readFileSync('lessons/09-dit/tests/golden.safetensors')));
const golden = (name: string) => file.float32(name);
const number = (text: string | null | undefined) =>
  parseFloat((text ?? '').replace(/^\D*?([−-]?\d)/, '$1').replaceAll('−', '-'));
function near(shown: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(shown - expected) <= within, `${what}: ${shown} on the page, ${expected} in PyTorch`);
}

async function open(ctx: TestContext, query: string): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&${query}`));
  await page.locator('.stage [data-view]').waitFor();
  return page;
}
const view = (page: Page, name: string) =>
  page.getByRole('radio', { name, exact: true }).check({ force: true });
/** Text of an element, once it holds a digit. */
async function shown(page: Page, selector: string): Promise<string> {
  const element = page.locator(selector).filter({ hasText: /\d/ }).first();
  await element.waitFor({ timeout: 60_000 });
  return (await element.textContent())!;
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const made = (page: Page, k: number) =>
  page.locator(`[data-pair][data-made="${k}"]`).waitFor({ timeout: 90_000 });

test(
  'both paint from the same noise; the distance between them is PyTorch’s at every step',
  async (ctx) => {
    const page = await open(ctx, 'view=pair&n=10&w=10&seed=1&c=7');
    await made(page, 10);
    for (const k of [10, 4, 0]) {
      await page.getByRole('slider', { name: 'Step', exact: true }).fill(String(k));
      await page.locator(`[data-pair][data-step="${k}"]`).waitFor();
      const expected = k === 0 ? 0 : golden('runs.apart')[k - 1]!;
      near(number(await shown(page, '[data-rms]')), expected, 2e-3, `step ${k}`);
    }
    await view(page, 'Predicted noise ε̂');
    await queryHas(page, 'what=eps');
    await page.locator('[data-row="difference"] canvas[data-painted="yes"]').first().waitFor();
    // Other noise begins anew; a run is paused, goes on a step at a time, and takes other settings.
    await button(page, 'Other noise').click();
    await queryHas(page, 'seed=2');
    await page.getByRole('combobox', { name: 'Sampler' }).selectOption('ddim');
    await page.getByRole('combobox', { name: 'Class' }).selectOption('1');
    await slide(page, 'Steps', 5);
    await made(page, 5);
    await page.getByRole('combobox', { name: 'Class' }).selectOption('-1');
    assert.ok(await page.getByRole('slider', { name: 'Guidance w' }).isDisabled());
    await made(page, 5);
  },
  { timeout: 120_000, motion: true },
);

test(
  'asked about one state, both answer as in PyTorch; told other times, they err as in PyTorch',
  async (ctx) => {
    const page = await open(ctx, 'view=same&t=50&c=7');
    for (const kind of ['uvit', 'dit'])
      near(number(await shown(page, `[data-error="${kind}"]`)), golden(`same.${kind}.error`)[0]!, 2e-3, kind);
    near(number(await shown(page, '[data-apart]')), golden('same.apart')[0]!, 2e-3, 'their distance');
    near(number(await shown(page, '[data-shares] .time')), 100 * golden('share.time')[0]!, 0.1, 'time token');
    near(
      number(await shown(page, '[data-shares] .class')),
      100 * golden('share.label')[0]!,
      0.1,
      'label token',
    );
    await page.getByRole('application').first().focus();
    await page.keyboard.press('Shift+ArrowRight');
    await queryHas(page, 'at=3.6');
    const before = await shown(page, '[data-error="dit"]');
    await slide(page, 'Time t', 90);
    await page.waitForFunction(
      (old) => document.querySelector('[data-error="dit"]')?.textContent !== old,
      before,
    );
    await slide(page, 'Time t', 50);

    await view(page, 'Wrong time');
    await page.locator('[data-told-of="0.50"]').waitFor({ timeout: 60_000 });
    await page.getByText('Show as a table').click();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[data-told] tbody tr')].some(
        (r) => r.firstElementChild?.textContent.trim() === '0.50',
      ),
    );
    const rows = await page
      .locator('[data-told] tbody tr')
      .evaluateAll((list) => list.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
    // The true time is asked too, beside the reference's even ones.
    assert.equal(rows.filter(([told]) => told === '0.50').length, 1);
    const even = rows.filter(([told]) => told !== '0.50');
    assert.equal(even.length, golden('told.dit').length);
    for (const [i, [, uvit, dit]] of even.entries()) {
      near(number(uvit), golden('told.uvit')[i]!, 2e-3, `U-ViT, told time ${i}`);
      near(number(dit), golden('told.dit')[i]!, 2e-3, `DiT, told time ${i}`);
    }
  },
  { timeout: 120_000 },
);

test(
  'the modulation of each block is PyTorch’s',
  async (ctx) => {
    const page = await open(ctx, 'view=ada&t=50&b=0&c=7');
    await page.locator('[data-gate-block="0"]').waitFor({ timeout: 60_000 });
    const blocks = golden('modulation').length / 6;
    assert.equal(await page.locator('[data-gate-block]').count(), blocks);
    for (let b = 0; b < blocks; b++) {
      const cells = await page.locator(`[data-gate-block="${b}"] td`).allTextContents();
      near(number(cells[0]), golden('modulation')[6 * b + 2]!, 0.0051, `gate of attention, block ${b}`);
      near(number(cells[1]), golden('modulation')[6 * b + 5]!, 0.0051, `gate of the MLP, block ${b}`);
      const closed = 50 * (golden('closed')[2 * b]! + golden('closed')[2 * b + 1]!);
      near(number(cells[2]), closed, 0.9, `closed gates, block ${b}`);
    }
    await slide(page, 'Block', 3);
    await page.locator('[data-ada="3"]').waitFor();
    await queryHas(page, 'b=3');
    const before = await page.locator('[data-gates]').textContent();
    await slide(page, 'Time t', 10);
    await page.waitForFunction((old) => document.querySelector('[data-gates]')?.textContent !== old, before);
    await page.getByRole('combobox', { name: 'Class' }).selectOption('0');
    await queryHas(page, 'c=0');
    // Each tensor of the strip is two clicks from the inspector, at the same time and class.
    await page.locator('.strip [data-tensor="c"]').click();
    await page.locator('[data-drawer="c"]').waitFor();
    const link = await page.locator('[data-inspect]').first().getAttribute('href');
    assert.match(link!, /m=dit-cifar10/);
    assert.match(link!, /t=c(&|$)/);
  },
  { timeout: 90_000 },
);

test('twelve sizes lie on a chart; which network a wrong clock hurts more is asked and explained', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url(`${LESSON}?v=2&device=wasm&view=scaling&s=scaling`));
  await page.locator('[data-scaling="12"] svg circle').nth(11).waitFor({ timeout: 60_000 });
  const macs = await page.locator('[data-model="DiT-XL/2"] [data-macs]').getAttribute('data-macs');
  assert.equal((Number(macs) / 1e9).toFixed(1), '118.6');
  const form = page.locator('[data-which-network]');
  await form.locator('[data-kind="uvit"]').click();
  await form.getByText('A token can be looked at').waitFor();
  await form.locator('[data-kind="dit"]').click();
  await form.locator('[data-verdict="right"]').waitFor();
  await form.getByText('Measured, rms error of the noise').waitFor();
  await form.getByRole('button', { name: 'Another lie' }).click();
  await form.locator('[data-verdict="none"]').waitFor({ state: 'attached' });
});

test('four ways are drawn and counted, the family is listed in order', async (ctx) => {
  const page = await open(ctx, 'view=ways');
  for (const [name, way] of [
    ['In context', 'in-context'],
    ['Cross-attention', 'cross-attention'],
    ['adaLN', 'adaln'],
    ['adaLN-Zero', 'adaln-zero'],
  ] as const) {
    await view(page, name);
    await page.locator(`[data-way="${way}"].on`).waitFor();
  }
  const extra = async (way: string) =>
    Number(await page.locator(`[data-way="${way}"] [data-extra]`).getAttribute('data-extra'));
  assert.equal(await extra('in-context'), 0);
  const xl = await extra('adaln-zero');
  await view(page, 'the DiT of this page');
  await page.waitForFunction(
    (n) =>
      document.querySelector('[data-way="adaln-zero"] [data-extra]')?.getAttribute('data-extra') !== `${n}`,
    xl,
  );
  await view(page, 'Family');
  await page.locator('[data-relative]').nth(4).waitFor({ timeout: 30_000 });
  assert.equal(await page.locator('[data-relative]').count(), 5);
  const months = await page
    .locator('[data-month]')
    .evaluateAll((items) => items.map((i) => i.getAttribute('data-month')!));
  assert.deepEqual(months, [...months].sort());
});

test(
  'the builder refuses with a reason, builds from a link, and estimates after a probe',
  async (ctx) => {
    const page = await open(ctx, 'view=build&bi=256&bf=8&bp=2&bD=1152&bL=28&bm=adaln-zero');
    const macs = () => page.locator('[data-macs]').first().getAttribute('data-macs');
    await page.locator('[data-verdict="built"]').waitFor();
    assert.equal((Number(await macs()) / 1e9).toFixed(1), '118.6');
    assert.match((await page.locator('[data-station="latent"]').textContent())!, /4,096/);
    assert.equal(await page.locator('[data-estimate]').getAttribute('data-estimate'), 'none');
    await slide(page, 'Patch', 3);
    await page.locator('[data-refused="patch"]').waitFor();
    await slide(page, 'Patch', 4);
    await page.locator('[data-verdict="built"]').waitFor();
    await page.getByRole('slider', { name: 'Width D' }).fill('1120');
    await page.locator('[data-refused="dim"]').waitFor();
    await page.getByRole('slider', { name: 'Width D' }).fill('384');
    await page.getByRole('combobox', { name: 'Time and class' }).selectOption('uvit');
    await page.getByRole('slider', { name: 'Blocks' }).fill('7');
    await page.locator('[data-refused="depth"]').waitFor();
    await page.getByRole('slider', { name: 'Blocks' }).fill('8');
    await page.getByRole('combobox', { name: 'Latent factor' }).selectOption('16');
    await page.getByRole('slider', { name: 'Picture' }).fill('264');
    await page.locator('[data-refused="factor"]').waitFor();
    await page.getByRole('slider', { name: 'Picture' }).fill('256');
    await page.locator('[data-verdict="built"]').waitFor();
    await button(page, 'Measure this device').click();
    await page.locator('[data-estimate="yes"]').waitFor({ timeout: 60_000 });
    assert.match(await shown(page, '[data-probe]'), /Estimated from passes of .* that took [\d.]+ ms each/);
  },
  { timeout: 90_000 },
);

test(
  'without weights everything but the pictures stands, and a sentence says why',
  async (ctx) => {
    ctx.fault(/\/models\/.*\.safetensors/, (_request, response) => void response.writeHead(404).end());
    ctx.allow(/404/);
    const page = await open(ctx, 'view=pair');
    await page.locator('[data-fault]').first().waitFor({ timeout: 60_000 });
    await page.locator('[data-fault] button').nth(1).waitFor({ timeout: 30_000 });
    await view(page, 'Four ways');
    await page.locator('[data-way]').first().waitFor();
    await view(page, 'Build');
    await page.locator('[data-verdict="built"]').waitFor();
  },
  { faults: true, timeout: 120_000 },
);
