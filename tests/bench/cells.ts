import type { Browser, Page } from 'playwright-core';
import { basePath, ensureBuild } from '../../scripts/lib/build.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { linkOf } from '#lib/cells/share/link.ts';
import { ANSWERING, answered, choosePatch, CLOCK, LARGE_CELLS, longest, slide, typed } from './cell-times.ts';
import { launch } from './chromium.ts';
import { METER } from './lesson-page.ts';
import { bounded, kilobytes, median, ms, type Row } from './table.ts';
import { byKind, NOTEBOOK_LIMIT, weighNotebook } from './weight.ts';

const WEIGHT = 'The notebook’s page as it is downloaded, gzip, before runtime and model';
const ANSWERS = 'Cells, from what the reader does to what the cell shows (Chromium, median of 8)';
const LARGE = 'A cell that works on a tensor [6, 785, 785]: longest task of the page’s main thread';
const LOOP = 'An endless loop';
const MOST_MS = 50;

async function measureWeight(browser: Browser, url: string): Promise<Row[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const { opened, written } = await weighNotebook(await context.newPage(), url);
    const all = byKind(written);
    return [
      bounded(
        WEIGHT,
        'opened, with the sandbox in which its cells ran',
        byKind(opened).total,
        NOTEBOOK_LIMIT,
        kilobytes,
      ),
      bounded(WEIGHT, 'in all, once a cell was written in the editor', all.total, NOTEBOOK_LIMIT, kilobytes),
      ...all.kinds.map(([kind, bytes]) => ({ group: WEIGHT, what: kind, value: kilobytes(bytes) })),
    ];
  } finally {
    await context.close();
  }
}

/** A page of these cells, running. */
async function openCells(browser: Browser, url: string, cells: readonly string[]): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  await page.addInitScript('globalThis.__name ??= (f) => f');
  await page.addInitScript(METER);
  await page.addInitScript(CLOCK);
  await page.goto(`${url}?device=wasm#${await linkOf({ title: 'Measured', cells })}`);
  await page.locator('[data-do="trust"]').click();
  await page.locator(`[data-cell="${cells.length}"][data-status="done"]`).waitFor({ timeout: 120_000 });
  return page;
}

async function measureAnswers(browser: Browser, url: string): Promise<Row[]> {
  const page = await openCells(browser, url, ANSWERING);
  const keys = await typed(page, 1, '12345678');
  const slides: number[] = [];
  for (let i = 0; i < 8; i++) slides.push((await slide(page, 2, 10 + i, 3)).took);
  // Once to and fro beforehand: sessions are built.
  for (const patch of [32, 16]) await choosePatch(page, patch, 5);
  const states: number[] = [];
  const passes: number[] = [];
  const over: number[] = [];
  for (let i = 0; i < 8; i++) {
    const { took, passes: waited } = await choosePatch(page, i % 2 ? 16 : 32, 5);
    passes.push(waited);
    over.push(took - waited);
  }
  for (let i = 0; i < 8; i++) states.push((await choosePatch(page, i % 2 ? 16 : 32, 4)).took);
  const row = (what: string, values: readonly number[]) =>
    bounded(ANSWERS, what, median(values), MOST_MS, ms);
  await page.close();
  return [
    row('a key, until the cell shows its result', keys),
    row('a slider of a cell, until the cell after it', slides),
    row('the patch size, until a cell that names state.p', states),
    row(`the patch size, until a cell that names a tensor, beyond passes of ${ms(median(passes))}`, over),
  ];
}

async function measureLarge(browser: Browser, url: string): Promise<Row[]> {
  const page = await openCells(browser, url, ['state.set({ p: 8 })', ...LARGE_CELLS]);
  const shape = await page.locator(`[data-cell="${LARGE_CELLS.length + 1}"] .shown`).innerText();
  if (!shape.includes('6 × 785 × 785')) throw new Error(`the tensor is ${shape}, not 6 × 785 × 785`);
  await page.waitForTimeout(2_000);
  const worst = await longest(page, async () => {
    await typed(page, 6, '234');
    await page.waitForTimeout(1_500);
  });
  await page.close();
  return [
    {
      group: LARGE,
      what: 'softmax of it, shown as a tensor, three times over',
      value: worst ? ms(worst) : 'none above 50 ms',
      bound: '≤ 50 ms',
      kept: worst <= MOST_MS,
    },
  ];
}

async function measureLoop(browser: Browser, url: string): Promise<Row[]> {
  const page = await openCells(browser, url, ['1']);
  const { took } = await answered(
    page,
    1,
    async () => {
      await page.locator('[data-cell="1"] [data-editor]').hover();
      await page.locator('[data-cell="1"] .cm-content').click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText('while (true) {}');
    },
    '[data-fault]',
  );
  await page.close();
  return [bounded(LOOP, 'from the last key until it is stopped and said', took, 2_000, ms)];
}

/** The notebook's page: what it weighs, and how soon its cells answer. */
export async function measureCells(): Promise<Row[]> {
  if (!ensureBuild()) throw new Error('the site could not be built');
  const server = await listen(siteHandler({ base: basePath() }));
  const url = `http://localhost:${server.port}${basePath()}/en/notebook/`;
  const browser = await launch();
  try {
    return [
      ...(await measureWeight(browser, url)),
      ...(await measureAnswers(browser, url)),
      ...(await measureLarge(browser, url)),
      ...(await measureLoop(browser, url)),
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}
