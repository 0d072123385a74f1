import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { ensureChromium, FLAGS, NO_CHROMIUM } from '../../scripts/lib/chromium.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { writeSafetensors } from '#lib/weights/safetensors.ts';
import type { Times } from './forward.ts';
import { attentionMaps, attentionOfB16, attentionOfS8, tiny16, type Subject } from './models.ts';
import type { Bench } from './page/main.ts';
import viteConfig from './page/vite.config.ts';
import { bounded, median, ms, times, type Row } from './table.ts';
import { longestTask, untilCommit } from './trace.ts';

const DIR = join('.cache', 'bench', 'page');
const ROUNDS = 15;

declare const bench: Bench;

/** Starts Chromium as the tests do. */
export async function launch(): Promise<Browser> {
  const executablePath = ensureChromium();
  if (!executablePath) throw new Error(NO_CHROMIUM);
  return chromium.launch({ executablePath, args: FLAGS });
}

export async function chromiumVersion(): Promise<string> {
  const browser = await launch();
  const version = browser.version();
  await browser.close();
  return version;
}

/** Writes a model folder beside the page. */
function writeModel(name: string, { config, graph, weights }: Subject): void {
  const folder = join(DIR, 'models', name);
  mkdirSync(folder, { recursive: true });
  const tensors = weights.names().map((tensor) => {
    const entry = weights.get(tensor)!;
    const bytes = weights.buffers.get(entry.file)!;
    const data = new Float32Array(bytes.buffer, bytes.byteOffset + entry.offset, entry.length / 4);
    return { name: tensor, shape: graph.value(tensor).shape, data };
  });
  const file = writeSafetensors(tensors);
  const sha256 = createHash('sha256').update(file).digest('hex');
  writeFileSync(join(folder, 'model.safetensors'), file);
  const model = {
    ...{ schema: 'patchwork-model/1', name, architecture: 'vit', config },
    ...{ patchSizes: [8, 16, 32], patchResize: 'pi-bilinear', labels: [] },
    preprocessing: {
      ...{ size: config.image, fit: 'crop', interpolation: 'bilinear', antialias: true },
      ...{ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    },
    files: { 'model.safetensors': { bytes: file.byteLength, sha256 } },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(model));
}

let prepared: Promise<void> | undefined;

/** Builds the page and the models it measures, once. */
function prepare(): Promise<void> {
  prepared ??= build(viteConfig).then(() => {
    writeModel('ti-16', tiny16());
    writeModel('b-16-attention', attentionOfB16());
    writeModel('s-8', attentionOfS8());
    cpSync(join('static', 'pictures'), join(DIR, 'pictures'), { recursive: true });
    if (!existsSync(join(DIR, '404.html'))) writeFileSync(join(DIR, '404.html'), 'not found');
  });
  return prepared;
}

/** A page with the bench on it; without isolation it has one thread. */
export async function withPage<T>(
  isolated: boolean,
  use: (page: Page, threads: number, browser: Browser) => Promise<T>,
): Promise<T> {
  await prepare();
  const browser = await launch();
  const server = await listen(siteHandler({ dir: DIR, isolated: () => isolated }));
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => console.error(error.message));
    await page.goto(`http://localhost:${server.port}/`);
    const threads = await page.evaluate(() => bench.start());
    return await use(page, threads, browser);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Forward passes of ViT-Ti/16 in the site's own worker. */
export function wasmInChromium(threads: number): Promise<Times> {
  return withPage(threads > 1, async (page, actual) => {
    if (actual !== threads) throw new Error(`${threads} threads were wanted, the page has ${actual}`);
    await page.evaluate(() => bench.open('ti-16', 1));
    const logits = ['logits'];
    const maps = ['logits', ...attentionMaps(12)];
    const times = { logits: [] as number[], maps: [] as number[] };
    const run = (outputs: string[]) => page.evaluate((names) => bench.forward(names), outputs);
    for (let i = 0; i < 3; i++) await run(logits).then(() => run(maps));
    for (let i = 0; i < ROUNDS; i++) {
      times.logits.push(await run(logits));
      times.maps.push(await run(maps));
    }
    return times;
  });
}

const CHANGE =
  'Patch size of ViT-Ti changed: from the slider to the new attention map, drawn (Chromium, WASM)';
const TASKS = 'Longest task of the main thread while attention maps arrive and are drawn (Chromium)';

/** Patch-size changes and the main thread, with all attention maps on screen. */
export function measurePage(): Promise<Row[]> {
  return withPage(true, async (page, threads, browser) => {
    const rows: Row[] = [];
    await page.evaluate(() => bench.open('ti-16', 1));
    for (const [what, sizes] of [
      ['at once after loading, no session yet', [32, 8]],
      ['sessions there', [16, 32, 8, 32, 16, 32, 8, 16, 32]],
    ] as const) {
      const changes = [];
      for (const size of sizes) changes.push(await page.evaluate((p) => bench.change(p), size));
      const over = median(changes.map((c) => c.screen - c.forward));
      const forward = ms(median(changes.map((c) => c.forward)));
      const session = ms(median(changes.map((c) => c.session)));
      rows.push({ group: CHANGE, what: `${what}: forward pass`, value: forward });
      rows.push({ group: CHANGE, what: `${what}: of the rest, building the session`, value: session });
      rows.push(bounded(CHANGE, `${what}: all beyond the forward pass`, over, 50, ms));
      await page.evaluate(() => bench.settle());
    }
    for (const [model, what] of [
      ['ti-16', '12 maps [3, 197, 197]'],
      ['b-16-attention', '12 maps [12, 197, 197], the shapes of ViT-B/16'],
    ] as const) {
      await page.evaluate((name) => bench.open(name, 12), model);
      await page.evaluate(() => bench.change());
      await page.evaluate(() => bench.settle());
      const longest = await longestTask(browser, page, async () => {
        for (let i = 0; i < 5; i++) await page.evaluate(() => bench.change());
      });
      rows.push(bounded(TASKS, `${what}, 5 times, ${threads} threads`, longest, 50, ms));
    }
    return rows;
  });
}

const MULTIPLES = 'Attention as small maps (Chromium): lesson 3';
/** One frame of a screen that shows sixty a second. */
const FRAME = 1000 / 60;

/** The maps of lesson 3: drawn for the first time, followed under the cursor, and at the size of ViT-B/16. */
export function measureAttention(): Promise<Row[]> {
  return withPage(true, async (page, _threads, browser) => {
    const first: number[] = [];
    for (let i = 0; i < 7; i++) first.push(await page.evaluate(() => bench.multiples(12, 3, 197, false)));
    const rows: Row[] = [
      bounded(MULTIPLES, '12 × 3 maps of 14 × 14, from the tensors to the frame', median(first), 100, ms),
    ];
    for (const [heads, what] of [
      [3, '12 × 3 maps'],
      [12, '12 × 12 maps'],
    ] as const) {
      await page.evaluate((h) => bench.multiples(12, h, 197, false), heads);
      const box = (await page.locator('[role="application"]').first().boundingBox())!;
      const moves = await untilCommit(browser, page, async () => {
        for (let i = 0; i < 60; i++)
          await page.mouse.move(
            box.x + (box.width * ((i * 5) % 14) + 8) / 14,
            box.y + (box.height * ((i * 3) % 14) + 8) / 14,
          );
      });
      const each = `${what} and the picture follow the cursor, from the event to the commit of the frame`;
      const typical = median(moves);
      if (heads === 3) rows.push(bounded(MULTIPLES, `${each}, median of ${moves.length}`, typical, 16, ms));
      else rows.push({ group: MULTIPLES, what: `${each}, median of ${moves.length}`, value: ms(typical) });
      rows.push({ group: MULTIPLES, what: `${what}: of a frame of 16.7 ms`, value: times(typical / FRAME) });
    }
    const all = () => page.evaluate(() => bench.multiples(12, 12, 197, true)).then(() => undefined);
    const longest = await longestTask(browser, page, all, ['figure-begin', 'figure-end']);
    rows.push(
      bounded(MULTIPLES, '144 tables [197, 197], the shapes of ViT-B/16: longest task', longest, 50, ms),
    );
    return rows;
  });
}
