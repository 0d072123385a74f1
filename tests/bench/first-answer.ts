import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Browser } from 'playwright-core';
import { basePath, ensureBuild } from '../../scripts/lib/build.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { launch } from './chromium.ts';
import { openLine, type LineSpeed } from './line.ts';
import { bounded, kilobytes, megabytes, seconds, times, type Row } from './table.ts';

/** Bytes that may come down the line until the first answer stands. */
const BYTES = 9_500_000;
/** How much longer it may take than the line needs for these bytes. */
const SHARE = 1.15;

/** Two lines, and the seconds the first answer may take on them. */
const LINES: readonly (LineSpeed & { readonly name: string; readonly limit: number })[] = [
  { name: '10 Mbit/s', bits: 10e6, roundTrip: 40, limit: 8 },
  { name: '1.5 Mbit/s', bits: 1.5e6, roundTrip: 40, limit: 55 },
];

const group = (name: string) => `Lesson 1, first answer on a line of ${name} (Chromium, empty cache)`;

/** Kinds by what a path ends in or lies under; the first that fits. */
const KINDS: readonly [string, RegExp][] = [
  ['weights', /\/model[^/]*\.safetensors$/],
  ['runtime', /\.wasm$|\/ort[.-][^/]*\.mjs$/],
  ['pictures', /\/pictures\//],
  ['fonts', /\.woff2$/],
  ['scripts and styles', /\.(js|css)$/],
];

/** What is weighed of an answer: its body as it travels. */
function bodyOf(response: ServerResponse): number {
  return response.statusCode === 304 ? 0 : Number(response.getHeader('content-length') ?? 0);
}

interface FirstAnswer {
  /** Milliseconds from the start of navigation until five answers stand. */
  readonly ms: number;
  /** Bytes down the line by then. */
  readonly bytes: number;
  /** Bodies by kind, bytes, the heaviest first. */
  readonly kinds: readonly [string, number][];
}

/** Opens lesson 1 for a reader who has nothing of it and waits for the five answers. */
export async function firstAnswer(browser: Browser, speed: LineSpeed, dir = 'build'): Promise<FirstAnswer> {
  const sizes = new Map<string, number>();
  const site = siteHandler({ dir, base: basePath() });
  const server = await listen((request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '/').replace(/\?.*/, '');
    const kind = KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'page and the rest';
    response.on('finish', () => sizes.set(kind, (sizes.get(kind) ?? 0) + bodyOf(response)));
    site(request, response);
  });
  const line = await openLine(server.port, speed);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    await context.addInitScript('globalThis.__name ??= (f) => f');
    const page = await context.newPage();
    await page.addInitScript(() => {
      const look = () => {
        const answers = document.querySelectorAll('.answer .bars[aria-busy="false"] li .value');
        if (answers.length >= 5) (globalThis as { answered?: number }).answered = performance.now();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    const url = `http://localhost:${line.port}${basePath()}/en/01-patches/?view=answer`;
    await page.goto(url, { waitUntil: 'commit', timeout: 300_000 });
    const handle = await page.waitForFunction(
      () => (globalThis as { answered?: number }).answered,
      undefined,
      { timeout: 300_000, polling: 50 },
    );
    const kinds = [...sizes].sort((a, b) => b[1] - a[1]);
    return { ms: (await handle.jsonValue()) ?? Number.NaN, bytes: line.bytes, kinds };
  } finally {
    await context.close();
    await line.close();
    await server.close();
  }
}

/** The first answer on both lines, held to what the line itself needs for the bytes. */
export async function measureFirstAnswer(): Promise<Row[]> {
  if (!ensureBuild()) throw new Error('the site could not be built');
  const browser = await launch();
  const rows: Row[] = [];
  try {
    for (const { name, limit, ...speed } of LINES) {
      const { ms, bytes, kinds } = await firstAnswer(browser, speed);
      const needed = (bytes * 8) / speed.bits;
      rows.push(
        bounded(group(name), 'bytes down the line, in all', bytes, BYTES, megabytes),
        ...kinds.map(([kind, size]) => ({ group: group(name), what: kind, value: kilobytes(size) })),
        { group: group(name), what: 'the line needs for them', value: seconds(needed) },
        bounded(group(name), 'until five answers stand', ms / 1000, limit, seconds),
        bounded(group(name), 'of what the line needs', ms / 1000 / needed, SHARE, times),
      );
    }
  } finally {
    await browser.close();
  }
  return rows;
}
