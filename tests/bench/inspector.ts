import type { Browser, Page } from 'playwright-core';
import { basePath, ensureBuild } from '../../scripts/lib/build.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { launch, withPage } from './chromium.ts';
import type { Bench } from './page/main.ts';
import { bounded, median, ms, type Row } from './table.ts';
import { longestTask } from './trace.ts';

declare const bench: Bench;

const OPEN = 'Inspector, shapes only, until outline, drawing and tensor stand (built site, Chromium)';
const SEARCH = 'Inspector, a search in the outline, until its answer stands (built site, Chromium)';
const LIVE = 'Inspector, a live tensor [6, 785, 785] (Chromium, WASM)';

const LARGE = ['vit-l-16', 'dit-xl-2', 'uvit-h-2-imagenet256'] as const;
const ROUNDS = 5;

/** Notes in the page when its three panes stand for the first time: `performance.now()`, from the navigation on. */
const NOTE = () => {
  const look = () => {
    const stands =
      document.querySelector('[data-ready] [data-tensor-pane]') &&
      document.querySelector('[data-graph] [data-box]') &&
      document.querySelector('[role="treeitem"]');
    if (stands) (globalThis as { stood?: number }).stood = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

/** Milliseconds from the request for the page until a model's three panes stand. */
async function openByLink(page: Page, url: string): Promise<number> {
  await page.goto(url);
  const stood = await page.waitForFunction(() => (globalThis as { stood?: number }).stood);
  return (await stood.jsonValue()) ?? Number.NaN;
}

/** Milliseconds from choosing a model in the list until its drawing stands; the page shows another before. */
function openByChoice(page: Page, name: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const list = document.querySelector<HTMLSelectElement>('[data-model]')!;
    const boxes = () =>
      [...document.querySelectorAll('[data-box]')].map((e) => e.getAttribute('data-box')).join();
    const before = boxes();
    const began = performance.now();
    list.value = wanted;
    list.dispatchEvent(new Event('change', { bubbles: true }));
    do await new Promise((done) => requestAnimationFrame(done));
    while (boxes() === before);
    return performance.now() - began;
  }, name);
}

/** Milliseconds from the last letter until the outline shows what was found. */
function searchFor(page: Page, text: string): Promise<number> {
  return page.evaluate(async (query) => {
    const field = document.querySelector<HTMLInputElement>('.outline input')!;
    const rows = () =>
      [...document.querySelectorAll('[data-row]')].map((e) => e.getAttribute('data-row')).join();
    const type = async (value: string) => {
      const before = rows();
      const began = performance.now();
      field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      while (rows() === before) await new Promise((done) => setTimeout(done));
      return performance.now() - began;
    };
    const took = await type(query);
    await type('');
    return took;
  }, text);
}

async function measureShapes(browser: Browser, url: string): Promise<Row[]> {
  const rows: Row[] = [];
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript('globalThis.__name ??= (f) => f');
  const page = await context.newPage();
  await page.addInitScript(NOTE);
  await openByLink(page, `${url}?m=vit-ti-16`); // the files are in the cache from here on
  for (const name of LARGE) {
    const links: number[] = [];
    const choices: number[] = [];
    for (let i = 0; i < ROUNDS; i++) links.push(await openByLink(page, `${url}?m=${name}`));
    for (let i = 0; i < ROUNDS; i++) {
      await openByChoice(page, 'mae-b-16');
      choices.push(await openByChoice(page, name));
    }
    const tensors = await page.locator('.outline').textContent();
    const count = /(\d[\d,]*) tensors/.exec(tensors ?? '')?.[1] ?? '?';
    rows.push(
      bounded(
        OPEN,
        `${name} (${count} tensors), chosen in the list, median of ${ROUNDS}`,
        median(choices),
        500,
        ms,
      ),
    );
    rows.push(
      bounded(
        OPEN,
        `${name}, by its link with the files in the cache, median of ${ROUNDS}`,
        median(links),
        500,
        ms,
      ),
    );
    const answers: number[] = [];
    for (const text of ['softmax', 'attn.q', '197x1024', 'blocks.1', 'weight']) {
      const took = await Promise.race([
        searchFor(page, text),
        new Promise<number>((done) => setTimeout(() => done(Number.NaN), 10_000)),
      ]);
      if (Number.isFinite(took)) answers.push(took);
    }
    rows.push(
      bounded(SEARCH, `${name}, slowest of ${answers.length} searches`, Math.max(...answers), 50, ms),
    );
  }
  await context.close();
  return rows;
}

function measureLive(): Promise<Row[]> {
  return withPage(true, async (page, _threads, browser) => {
    await page.evaluate(() => bench.inspect('?m=s-8&t=tokens'));
    // Once beforehand: a session is built, scripts are compiled.
    await page.evaluate(() => bench.openTensor('blocks.1.attn.probs'));
    await page.evaluate(() => bench.openTensor('tokens'));
    const opened = await longestTask(browser, page, async () => {
      await page.evaluate(() => bench.openTensor('blocks.0.attn.probs'));
    });
    const box = (await page.locator('[data-tensor-pane] [role="application"]').first().boundingBox())!;
    const hovered = await longestTask(browser, page, async () => {
      for (let i = 0; i < 120; i++)
        await page.mouse.move(
          box.x + (((i * 37) % 97) / 97) * box.width,
          box.y + (((i * 53) % 89) / 89) * box.height,
        );
    });
    const shape = await page.locator('[data-tensor-pane] .line .shape').first().textContent();
    if (!/6\D+785\D+785/.test(shape ?? '')) throw new Error(`the tensor is ${shape}, not 6 × 785 × 785`);
    return [
      bounded(LIVE, 'opened, with statistics and histogram: longest task of the main thread', opened, 50, ms),
      bounded(LIVE, 'hovered 120 times, the cell’s origin followed: longest task', hovered, 50, ms),
    ];
  });
}

/** The inspector: how fast shapes stand, a search answers, and a large live tensor is opened and hovered. */
export async function measureInspector(): Promise<Row[]> {
  if (!ensureBuild()) throw new Error('the site could not be built');
  const server = await listen(siteHandler({ base: basePath() }));
  const browser = await launch();
  let rows: Row[];
  try {
    rows = await measureShapes(browser, `http://localhost:${server.port}${basePath()}/en/inspector/`);
  } finally {
    await browser.close();
    await server.close();
  }
  return [...rows, ...(await measureLive())];
}
