import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, ConsoleMessage, Page, Request, WebError } from 'playwright-core';
import type { FaultAnswer, Held, PageOptions, TestContext, TestOptions } from './harness.ts';
import type { SharedReader } from './reader.ts';
import { nothingSpent, timed, type Spent } from './times.ts';

/** What the runner lends to every test. */
export interface Lent {
  base: string;
  faults: { path: RegExp; answer: FaultAnswer }[];
  isolation: { on: boolean };
  browser(webgpu: boolean): Promise<Browser>;
  /** The reader that tests share who need no context of their own. */
  reader?: SharedReader;
}

/** Opens a context for pages that look and behave so. */
export async function contextFor(browser: Browser, options: PageOptions): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? WIDTH, height: options.height ?? HEIGHT },
    locale: options.locale ?? LOCALE,
    colorScheme: options.scheme ?? 'light',
    reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
    hasTouch: options.touch ?? false,
    serviceWorkers: options.serviceWorkers ? 'allow' : 'block',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(20_000);
  // What compiles the tests names inner functions by a helper, which functions sent to the page must find there.
  await context.addInitScript('globalThis.__name ??= (f) => f');
  return context;
}

/** Whether the shared reader can have such a page: windows and colours are a page's, the rest a context's. */
const shareable = ({ locale, touch, webgpu, serviceWorkers }: PageOptions) =>
  (locale ?? LOCALE) === LOCALE && !touch && !webgpu && !serviceWorkers;

/**
 * Milliseconds between two looks of `page.waitForFunction`. Playwright's own, every frame, has the browser draw sixty a second
 * while a test waits for a model (docs/testing.md).
 */
const POLLING = 40;

const WIDTH = 1440;
const HEIGHT = 900;
const LOCALE = 'en-GB';
const SHOTS = join('test-results', 'shots');

/** Makes a test's context and, afterwards, puts back what the test changed. */
export function openContext(
  lent: Lent,
  {
    ownContext = false,
    alone = false,
    webgpu = false,
    motion = false,
    faults = false,
    emptyCache = false,
  }: TestOptions = {},
  parts: readonly string[] = [],
): TestContext & {
  readonly spent: Spent;
  readonly held: readonly Held[];
  close(failedAs?: string): Promise<void>;
} {
  const contexts: BrowserContext[] = [];
  const reader = ownContext || alone || webgpu ? undefined : lent.reader;
  const held: Held[] = [];
  /** Faults that wait for the shared reader to stand. */
  const played: Lent['faults'] = [];
  const pages: Page[] = [];
  const allowed: RegExp[] = [];
  const requests: string[] = [];
  const troubles: string[] = [];
  const origin = new URL(lent.base).origin;
  const spent = nothingSpent();
  let key = '';

  const trouble = (text: string) => {
    if (!allowed.some((pattern) => pattern.test(text))) troubles.push(text);
  };
  const onConsole = (message: ConsoleMessage) => {
    // A development server without hot updates: its own client says so. The built site has no such script.
    if (message.location().url.includes('/@vite/client')) return;
    if (message.type() === 'error') trouble(`console: ${message.text()} (${message.location().url})`);
  };

  const onPageError = (error: WebError) =>
    trouble(`page error: ${error.error().stack ?? error.error().message}`);
  const onRequest = (request: Request) => {
    const url = request.url();
    requests.push(url);
    if (/^https?:/.test(url) && new URL(url).origin !== origin) trouble(`foreign request: ${url}`);
  };
  const watched: BrowserContext[] = [];
  /** Notes what the pages of a context say and ask for. */
  const watch = (context: BrowserContext) => {
    if (watched.includes(context)) return;
    watched.push(context);
    context.on('console', onConsole).on('weberror', onPageError).on('request', onRequest);
  };
  const unwatch = (context: BrowserContext) =>
    context.off('console', onConsole).off('weberror', onPageError).off('request', onRequest);

  async function sharedPage(shared: SharedReader, options: PageOptions): Promise<Page> {
    if (emptyCache && pages.length === 0) await shared.emptyCache();
    watch(await shared.context());
    // Not before: the page behind has its model.
    if (pages.length === 0) lent.faults.push(...played);
    return shared.page({
      width: options.width ?? WIDTH,
      height: options.height ?? HEIGHT,
      scheme: options.scheme ?? 'light',
      reducedMotion: options.reducedMotion ?? !motion,
    });
  }

  async function ownPage(options: PageOptions): Promise<Page> {
    const wanted = JSON.stringify(options);
    if (contexts.length === 0 || wanted !== key) {
      const reducedMotion = options.reducedMotion ?? !motion;
      const context = await contextFor(await lent.browser(options.webgpu ?? false), {
        ...options,
        reducedMotion,
      });
      watch(context);
      contexts.push(context);
    }
    key = wanted;
    return contexts.at(-1)!.newPage();
  }

  async function openPage(options: PageOptions): Promise<Page> {
    const page = reader && shareable(options) ? await sharedPage(reader, options) : await ownPage(options);
    const goto = page.goto.bind(page);
    page.goto = (...address) => timed(spent, 'loading', () => goto(...address));
    page.waitForFunction = new Proxy(page.waitForFunction, {
      apply: (wait, self, [check, arg, options]: [unknown, unknown, object?]) =>
        Reflect.apply(wait, self, [check, arg, { polling: POLLING, ...options }]),
    });
    pages.push(page);
    return page;
  }

  /** Refuses what would reach into the tests after this one. */
  const owned = (what: string) => {
    if (reader) throw new Error(`${what}: the test needs \`{ ownContext: true }\``);
  };

  async function close(failedAs?: string): Promise<void> {
    if (failedAs !== undefined) {
      mkdirSync('test-results', { recursive: true });
      for (const [i, page] of pages.entries()) {
        const path = join('test-results', `${slug(failedAs)}${i > 0 ? `-${i + 1}` : ''}.png`);
        if (!page.isClosed()) await page.screenshot({ path, timeout: 5_000 }).catch(() => undefined);
      }
    }
    watched.forEach(unwatch);
    await Promise.all(contexts.map((context) => context.close().catch(() => undefined)));
    await reader?.clean(origin);
    lent.faults.length = 0;
    lent.isolation.on = true;
  }

  return {
    base: lent.base,
    spent,
    held,
    part: async (name, check) => {
      if (!parts.includes(name)) return;
      const began = performance.now();
      const before = troubles.length;
      const problem = await check().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
      );
      const said = [problem, ...troubles.slice(before)].filter((text) => text !== undefined);
      held.push({ name, ms: performance.now() - began, problem: said.join('\n') || undefined });
    },
    url: (path) => lent.base + path,
    page: (options = {}) => timed(spent, 'opening', () => openPage(options)),
    get context() {
      owned('ctx.context');
      const context = contexts.at(-1);
      if (!context) throw new Error('ctx.context: call ctx.page() first');
      return context;
    },
    fault: (path, answer) => {
      if (!faults) owned('ctx.fault');
      if (reader && pages.length === 0) played.push({ path, answer });
      else lent.faults.push({ path, answer });
    },
    isolate: (on) => {
      owned('ctx.isolate');
      lent.isolation.on = on;
    },
    allow: (...patterns) => {
      allowed.push(...patterns);
      for (const pattern of patterns)
        for (let i = troubles.length - 1; i >= 0; i--) if (pattern.test(troubles[i]!)) troubles.splice(i, 1);
    },
    requests,
    troubles,
    async shot(page, name, options = {}) {
      mkdirSync(SHOTS, { recursive: true });
      const path = join(SHOTS, `${name}.png`);
      await page.screenshot({ path, fullPage: options.fullPage ?? false, animations: 'disabled' });
      return path;
    },
    close: (failedAs) => timed(spent, 'closing', () => close(failedAs)),
  };
}

const slug = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
