import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { answered, near, number, openLesson, queryHas } from '#tests/e2e/lesson.ts';
import { StoredAnswers, type Pruning } from '../stored-answers.ts';

const LESSON = '/en/10-cheaper-attention/';
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/10-cheaper-attention/tests/golden.safetensors')),
);
const one = (name: string) => golden.float32(name)[0]!;

async function open(ctx: TestContext, query: string, options = {}): Promise<Page> {
  const page = await openLesson(ctx, `${LESSON}?v=1&device=wasm&${query}`, options);
  await answered(page);
  return page;
}
/** Waits until a place holds a number. */
const filled = (page: Page, selector: string) =>
  page.waitForFunction((s) => /\d/.test(document.querySelector(s)?.textContent ?? ''), selector);
const stat = async (page: Page, within: string, label: string) => {
  const box = page.locator(`${within} div`, { has: page.locator('> span', { hasText: label }) });
  return number(await box.locator('> b').first().textContent());
};

test(
  'four ways to look have PyTorch’s entropies and distances; the window, the kind and the patch are chosen',
  async (ctx) => {
    const page = await open(ctx, 'view=look');
    for (const [kind, name] of [
      ['global', 'global'],
      ['window', 'window'],
      ['shifted-window', 'shifted'],
      ['linear', 'linear'],
    ] as const) {
      const cells = page.locator(`tr[data-kind="${kind}"] td`);
      await filled(page, `tr[data-kind="${kind}"] td:nth-of-type(2)`);
      near(number(await cells.nth(0).textContent()), one(`${name}.bits`), `entropy, ${kind}`);
      near(number(await cells.nth(1).textContent()), 100 * one(`${name}.off`), `off by, ${kind}`, 0.02, 1);
    }
    await page.getByRole('radio', { name: 'linear', exact: true }).check({ force: true });
    await queryHas(page, 'kind=linear');
    await page.locator('[data-row="linear"]').waitFor();
    near(await stat(page, '[data-row]', 'entropy'), one('linear.bits'), 'entropy under the picture');
    // Where the outputs differ, over the picture: the range that all kinds share, and of all patches together.
    await page.getByRole('radio', { name: 'difference', exact: true }).check({ force: true });
    await page.locator('[data-difference="linear"]').waitFor();
    const most = ['window', 'shifted', 'linear'].flatMap((kind) => [...golden.float32(`${kind}.each`)]);
    const legend = page.locator('[data-difference] figure [role="application"]');
    const range = /– ([\d.]+)\)$/.exec((await legend.getAttribute('aria-label')) ?? '')?.[1];
    near(number(range), Math.max(...golden.float32('linear.each')), 'largest difference, linear', 0.03);
    const scale = await page.locator('[data-difference] [role="img"]').getAttribute('aria-label');
    near(number(scale?.split(' to ')[1]), Math.max(...most), 'the end of the common scale', 0.03);
    near(await stat(page, '[data-difference]', 'all patches'), 100 * one('linear.off'), 'off by', 0.02, 1);
    await page.getByRole('slider', { name: 'Window side' }).fill('0');
    await queryHas(page, 'm=2');
    await page.waitForFunction(
      (old) => parseFloat(document.querySelector('tr[data-kind="window"] td')?.textContent ?? '') < old,
      one('window.bits') - 1,
    );
  },
  { timeout: 150_000, motion: true },
);

test(
  'a shifted window goes through its stations, and its mask is the definition’s',
  async (ctx) => {
    const page = await open(ctx, 'view=roll&step=grid');
    for (const step of ['Roll', 'Cut', 'Mask', 'Back'] as const) {
      await page.getByRole('radio', { name: step, exact: true }).check({ force: true });
      await queryHas(page, `step=${step.toLowerCase()}`);
    }
    await page.getByRole('radio', { name: 'Mask', exact: true }).check({ force: true });
    await page.getByRole('heading', { name: 'Mask of window 16' }).waitFor();
    await page.locator('.pair canvas[data-painted="yes"]').waitFor();
    await page.getByRole('slider', { name: 'The picture’s patches on the grid' }).press('ArrowLeft');
    await page.getByRole('heading', { name: 'Mask of window 15' }).waitFor();
  },
  { timeout: 120_000 },
);

test(
  'a cell of linear attention is one number in both orders, and longer queries sharpen softmax alone',
  async (ctx) => {
    const page = await open(ctx, 'view=order');
    for (const order of ['pairs', 'state']) {
      await page.locator(`[data-order="${order}"]`).waitFor({ timeout: 60_000 });
      near(
        await stat(page, `[data-order="${order}"]`, 'sum over Z'),
        golden.float32('linear.out')[0]!,
        order,
        0.02,
        2e-3,
      );
    }
    await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&view=sharp&by=4`));
    await answered(page);
    for (const id of ['softmax', 'linear']) {
      await page.locator(`[data-sharp="${id}"] .stats`).waitFor({ timeout: 60_000 });
      const key = `sharp.4.${id === 'softmax' ? 'global' : 'linear'}`;
      near(await stat(page, `[data-sharp="${id}"]`, 'mean'), one(key), key);
    }
  },
  { timeout: 150_000 },
);

test(
  'windows are left out by their activity, and what two scales cost is said; three ways to look are timed, and stop when told',
  async (ctx) => {
    const page = await open(ctx, 'view=prune&m=4&r=0.5');
    await page.locator('[data-kept="25"]').waitFor({ timeout: 60_000 });
    near(await stat(page, '[data-kept]', 'off by'), 100 * one('pruned.4.0.5'), 'off by', 0.02, 1);
    await page.getByRole('slider', { name: 'Left out' }).fill('1');
    await page.locator('[data-kept="0"]').waitFor();
    await page.getByText('Every window is left out').waitFor();
    await page.getByRole('slider', { name: 'Left out' }).fill('0');
    await page.getByText('Nothing is left out').waitFor();
    // What EfficientViT adds stands in the table, four times as dear at twice the side.
    await page.getByRole('radio', { name: 'Two scales', exact: true }).check({ force: true });
    await page.locator('[data-part="attn.aggreg.0"]', { hasText: '1.23 M' }).waitFor();
    await page.getByRole('radio', { name: '128 px', exact: true }).check({ force: true });
    await page.locator('[data-part="attn.aggreg.0"]', { hasText: '4.92 M' }).waitFor();
    await page.getByRole('radio', { name: 'Clock', exact: true }).check({ force: true });
    await page.getByRole('button', { name: 'Measure here' }).click();
    await page.locator('[data-clock="running"]').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: /Go on|Measure here/ }).waitFor();
  },
  { timeout: 150_000 },
);

test(
  'the twins answer the picture one after another; a change stays within its window unless windows are shifted',
  async (ctx) => {
    const page = await open(ctx, 'view=bill&side=64');
    await page.getByRole('radio', { name: 'Twins', exact: true }).check({ force: true });
    await page.locator('[data-run-twins]').click();
    await page.locator('[data-twins="5"]').waitFor({ timeout: 120_000 });
    // PyTorch's first answers (reference.py), by their part in per cent.
    const cards = await page.locator('[data-twins="5"] [data-twin]').allInnerTexts();
    const firsts = cards.map((card) => Number.parseFloat(/([\d.]+)\s*%/.exec(card)?.[1] ?? 'none'));
    firsts.forEach((percent, i) =>
      near(percent, 100 * golden.float32('twins')[2 * i + 1]!, `first answer, twin ${i}`, 0, 0.6),
    );
    // As the graph says, and as the command line does.
    await page.locator('[data-twin="plain"]', { hasText: '83.4 M' }).waitFor();
    await page.locator('[data-twin="shifted"]', { hasText: /\d ms here/ }).waitFor({ timeout: 60_000 });
    await page.getByRole('radio', { name: '128 px', exact: true }).check({ force: true });
    await page.locator('[data-twin="plain"]', { hasText: '409 M' }).waitFor();
    await page.locator('[data-twins="5"]').waitFor({ timeout: 120_000 });
    await page.getByRole('radio', { name: 'Measured', exact: true }).check({ force: true });
    await page.locator('[data-measured] tr[data-twin]').nth(4).waitFor();
    await page.getByRole('radio', { name: 'At a border', exact: true }).check({ force: true });
    await page.getByRole('radio', { name: '64 px', exact: true }).check({ force: true });
    await page.locator('[data-border="window"][data-reached="16"]').waitFor({ timeout: 120_000 });
    await page.locator('[data-border="shifted"][data-reached="64"]').waitFor();
  },
  { timeout: 300_000 },
);

test(
  'shares are searched under a budget, the reader’s own stand among them, and the sparse network runs on the picture',
  async (ctx) => {
    const page = await open(ctx, 'view=search&r0=0&r1=0&budget=0.6&tries=8');
    await page.locator('[data-attempts="8"]').waitFor({ timeout: 60_000 });
    const pruning = JSON.parse(readFileSync('models/swin-sparse/pruning.json', 'utf8')) as Pruning;
    const right = (name: string, shares: readonly number[]) => new StoredAnswers(pruning, name).right(shares);
    await page
      .locator('[data-right="adapted"]', { hasText: `${right('swin-sparse', [0, 0])} of 200` })
      .waitFor();
    await page
      .locator('[data-right="started"]', { hasText: `${right('swin-shifted', [0, 0])} of 200` })
      .waitFor();
    await page.locator('[data-answered="yes"]').waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'One more' }).click();
    await page.locator('[data-attempts="9"]').waitFor();
    await page.getByRole('slider', { name: 'Left out, stage 1' }).fill('8');
    await queryHas(page, 'r0=0.8');
    await page
      .locator('[data-right="adapted"]', { hasText: `${right('swin-sparse', [8, 0])} of 200` })
      .waitFor();
    await page.getByText('stage 1: 13 of 64 windows').waitFor();
    await page.locator('[data-answered="yes"]').waitFor({ timeout: 120_000 });
    // All 81 tried, the front that is found is the true one.
    await page.getByRole('slider', { name: 'Attempts' }).fill('81');
    const section = page.locator('[data-attempts="81"]');
    await section.waitFor();
    const [, found, all] = /(\d+) of (\d+) choices are found/.exec(await section.innerText()) ?? [];
    assert.ok(found !== undefined && found === all, `${found} of ${all}`);
  },
  { timeout: 300_000 },
);
