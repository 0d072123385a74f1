import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { basePath, ensureBuild } from '../../scripts/lib/build.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { seededWeights } from '#lib/graph/seeded.ts';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { fromFloat32, toFloat32, type WeightDType } from '#lib/weights/dtype.ts';
import { bytesOf } from '#lib/weights/source.ts';
import { launch } from './chromium.ts';
import { bounded, ms, seconds, times, type Row } from './table.ts';
import { longestTask } from './trace.ts';

const GROUP = 'A reader’s own ViT-B/16 in the inspector (built site, Chromium, WASM)';

/** Writes ViT-B/16 with seeded weights, a tensor at a time; returns its bytes. */
function writeFile(path: string, dtype: WeightDType): number {
  const graph = vit(vitPresets['vit-b-16']!);
  const weights = seededWeights(graph, 1);
  const header: Record<string, object> = {};
  const size = { F32: 4, F16: 2, BF16: 2 }[dtype];
  let at = 0;
  for (const name of weights.names()) {
    const { shape } = graph.value(name);
    const end = at + size * shape.reduce((a, b) => a * b, 1);
    header[name] = { dtype, shape, data_offsets: [at, end] };
    at = end;
  }
  const text = Buffer.from(JSON.stringify(header));
  const head = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ');
  head.writeBigUInt64LE(BigInt(head.length - 8));
  text.copy(head, 8);
  const file = openSync(path, 'w');
  writeSync(file, head);
  for (const name of weights.names()) {
    const entry = weights.get(name)!;
    writeSync(file, fromFloat32(toFloat32(bytesOf(weights, entry), entry.dtype), dtype));
  }
  closeSync(file);
  return statSync(path).size;
}

/** Resident bytes of the page's process, now and at the most since they were last asked for. */
async function memory(browser: Browser): Promise<{ now: number; most: number }> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  const of = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      const read = (field: string) => 1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]);
      writeFileSync(`/proc/${id}/clear_refs`, '5');
      return { now: read('VmRSS'), most: read('VmHWM') };
    });
  await cdp.detach();
  return of.reduce((a, b) => (a.now > b.now ? a : b));
}

/** Seconds that all threads of the page's processes have computed. */
async function processorTime(browser: Browser): Promise<number> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  const of = processInfo.filter(({ type }) => type === 'renderer').map(({ cpuTime }) => cpuTime);
  return of.reduce((sum, time) => sum + time, 0);
}

interface Times {
  readonly read: number;
  readonly answer: number;
  /** Seconds of the processor, of all threads together, in the same stretch. */
  readonly computed: number;
  readonly progress: number;
}

async function opened(browser: Browser, page: Page, path: string): Promise<Times> {
  await page.evaluate(() => {
    const seen = { progress: new Set<string>(), examined: 0 };
    Object.assign(globalThis, { seen });
    const look = () => {
      const bar = document.querySelector('[data-own-dialog="reading"] [role="progressbar"]');
      if (bar) seen.progress.add(bar.getAttribute('aria-valuenow') ?? '');
      if (!document.querySelector('[data-own-answer] li')) requestAnimationFrame(look);
    };
    look();
  });
  const began = Date.now();
  await page.locator('[data-own-files]').setInputFiles(path);
  await page.locator('[data-own-open]').waitFor({ timeout: 240_000 });
  const read = Date.now() - began;
  const pressed = Date.now();
  const before = await processorTime(browser);
  await page.locator('[data-own-open]').click();
  await page.locator('[data-tensor-pane] canvas').first().waitFor({ timeout: 240_000 });
  await page.locator('[data-own-answer] li').first().waitFor({ timeout: 240_000 });
  const answer = Date.now() - pressed;
  const computed = (await processorTime(browser)) - before;
  const progress = await page.evaluate(
    () => (globalThis as unknown as { seen: { progress: Set<string> } }).seen.progress.size,
  );
  return { read, answer, computed, progress };
}

async function measureOne(browser: Browser, url: string, path: string, dtype: WeightDType): Promise<Row[]> {
  const bytes = writeFile(path, dtype);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript('globalThis.__name ??= (f) => f');
  const page = await context.newPage();
  await page.goto(url);
  // The model of the address first: a page that is not yet taken over hears no click.
  await page.locator('[data-tensor-pane] canvas').first().waitFor({ timeout: 60_000 });
  await page.locator('[data-own-choose]').click();
  await page.locator('[data-own-files]').waitFor({ state: 'attached' });
  const before = await memory(browser);
  let times_: Times = { read: 0, answer: 0, computed: 0, progress: 0 };
  const longest = await longestTask(browser, page, async () => {
    times_ = await opened(browser, page, path);
  });
  const after = await memory(browser);
  await context.close();
  const what = `${(bytes / 1e6).toFixed(0)} MB, ${dtype}`;
  return [
    bounded(
      GROUP,
      `${what}: most memory beyond the page’s own, of the file`,
      (after.most - before.now) / bytes,
      2.2,
      times,
    ),
    {
      group: GROUP,
      what: `${what}: memory kept once it has answered, of the file`,
      value: times((after.now - before.now) / bytes),
    },
    { group: GROUP, what: `${what}: read, digested and checked`, value: seconds(times_.read / 1000) },
    {
      group: GROUP,
      what: `${what}: places of the progress bar that were seen`,
      value: String(times_.progress),
    },
    bounded(GROUP, `${what}: from “Open” to the first map and the answer`, times_.answer / 1000, 3, seconds),
    {
      group: GROUP,
      what: `${what}: the processor’s time in it, all threads of the page`,
      value: seconds(times_.computed),
    },
    bounded(GROUP, `${what}: longest task of the main thread`, longest, 50, ms),
  ];
}

/** A large file of the reader's: memory, progress, the main thread, and the first map. */
export async function measureOwn(): Promise<Row[]> {
  if (!ensureBuild()) throw new Error('the site could not be built');
  const folder = mkdtempSync(join(tmpdir(), 'patchwork-own-'));
  const server = await listen(siteHandler({ base: basePath() }));
  const url = `http://localhost:${server.port}${basePath()}/en/inspector/?m=vit-tiny&t=blocks.0.attn.probs&device=wasm`;
  const browser = await launch();
  try {
    const rows: Row[] = [];
    for (const dtype of ['F32', 'F16'] as const)
      rows.push(...(await measureOne(browser, url, join(folder, `vit-b-16-${dtype}.safetensors`), dtype)));
    return rows;
  } finally {
    await browser.close();
    await server.close();
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    rmSync(folder, { recursive: true });
  }
}
