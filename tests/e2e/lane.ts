import { chromium, type Browser } from 'playwright-core';
import { basePath } from '../../scripts/lib/build.js';
import { FLAGS, WEBGPU_FLAGS } from '../../scripts/lib/chromium.js';
import { onCore } from '../../scripts/lib/cores.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { contextFor, openContext, type Lent } from './context.ts';
import type { Held, TestCase } from './harness.ts';
import { SharedReader } from './reader.ts';
import { timed, type Spent } from './times.ts';

/** What came of a test. */
export interface Outcome {
  /** What went wrong, if anything did. */
  readonly problem: string | undefined;
  readonly spent: Spent;
  /** Of a walk: what came of those of its tests that it came to. */
  readonly held: readonly Held[];
}

/** Paths of the browsers: most tests run in the headless shell where there is one, WebGPU needs Chromium itself. */
export interface Executables {
  readonly plain: string;
  readonly webgpu: string;
}

/** Runs one test after another, with a server and browsers of its own: faults and headers of a test stay in its lane. */
export interface Lane {
  run(test: TestCase): Promise<Outcome>;
  /** Ends a browser that hangs or has crashed, so that the next test gets a new one. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** All pages of a context in one process, see SharedReader. */
const ONE_PROCESS = '--renderer-process-limit=1';

/** The shared reader's browser, that of contexts of their own, and that with WebGPU. */
type Kind = 'shared' | 'own' | 'webgpu';

/**
 * Starts each browser on first use. The shared reader's keeps to one core and so computes with one thread: two lanes with
 * two threads each on two cores wait for each other (docs/testing.md, "Where the time goes").
 */
function browsers(executables: Executables, core: number) {
  const started = new Map<Kind, Promise<Browser>>();
  return {
    get(kind: Kind): Promise<Browser> {
      let browser = started.get(kind);
      if (!browser) {
        const args = [...FLAGS, ...(kind === 'webgpu' ? WEBGPU_FLAGS : [ONE_PROCESS])];
        const { plain, webgpu } = executables;
        const executablePath = kind === 'webgpu' ? webgpu : kind === 'own' ? plain : onCore(plain, core);
        browser = chromium.launch({ executablePath, args, headless: true });
        started.set(kind, browser);
      }
      return browser;
    },
    async renew() {
      for (const [kind, browser] of started) {
        const alive = await browser.then((b) => b.isConnected()).catch(() => false);
        if (!alive) started.delete(kind);
      }
    },
    async close() {
      for (const browser of started.values()) await browser.then((b) => b.close()).catch(() => undefined);
    },
  };
}

async function runOne(test: TestCase, lent: Lent): Promise<Outcome> {
  const ctx = openContext(lent, test.options, test.parts);
  const problem = await timed(ctx.spent, 'all', () => runIn(test, ctx));
  return { problem, spent: ctx.spent, held: ctx.held };
}

/** Runs a test in its context and closes that; gives what went wrong, or nothing. */
async function runIn(test: TestCase, ctx: ReturnType<typeof openContext>): Promise<string | undefined> {
  const limit = test.options.timeout ?? 60_000;
  let timer: NodeJS.Timeout | undefined;
  let problem: string | undefined;
  try {
    await Promise.race([
      test.body(ctx),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not done after ${limit / 1000} s`)), limit);
      }),
    ]);
    if (ctx.troubles.length > 0) problem = ctx.troubles.join('\n');
  } catch (error) {
    problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (ctx.troubles.length > 0) problem += `\nThe page said:\n${ctx.troubles.join('\n')}`;
  } finally {
    clearTimeout(timer);
    const failed = problem !== undefined || ctx.held.some((part) => part.problem !== undefined);
    await ctx.close(failed ? test.name : undefined);
  }
  return problem;
}

/**
 * Opens a lane.
 * @param number 0 and up, one a lane: the core of its shared reader
 * @param external address of a server that runs already; faults can't be played there
 */
export async function openLane(executables: Executables, number: number, external?: string): Promise<Lane> {
  const faults: Lent['faults'] = [];
  const isolation = { on: true };
  const site = external ? undefined : siteHandler({ base: basePath(), isolated: () => isolation.on });
  const server = site
    ? await listen(async (request, response) => {
        const path = decodeURI(request.url ?? '/');
        for (const fault of faults)
          if (fault.path.test(path) && (await fault.answer(request, response)) !== false) return;
        site(request, response);
      })
    : undefined;
  const chrome = browsers(executables, number);
  const base = external ?? `http://localhost:${server!.port}${basePath()}`;
  const reader = new SharedReader(
    () => chrome.get('shared'),
    (browser) => contextFor(browser, {}),
    `${base}/en/01-patches/?device=wasm`,
  );
  const lent: Lent = {
    base,
    faults,
    isolation,
    browser: (webgpu) => chrome.get(webgpu ? 'webgpu' : 'own'),
    reader,
  };
  return {
    run: (test) => runOne(test, lent),
    renew: () => chrome.renew(),
    async close() {
      await chrome.close();
      await server?.close();
    },
  };
}
