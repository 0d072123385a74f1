import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Browser, BrowserContext, ConsoleMessage, Page, Request, WebError } from 'playwright-core';
import type { SharedReader } from './reader.ts';
import { nothingSpent, timed, type Spent } from './times.ts';

/** What a test is given. See README.md beside this file. */
export interface TestContext {
  /** Where the site is: origin and base path, without a slash at the end. */
  readonly base: string;
  /** The address of a path of the site: `ctx.url('/en/')`. */
  url(path: string): string;
  /** A page of a reader who has stored nothing; the first call finds the reader, a call with other options another one. */
  page(options?: PageOptions): Promise<Page>;
  /** The context of the newest page, in a test with `ownContext`. */
  readonly context: BrowserContext;
  /**
   * Lets the site's server answer otherwise where the path matches, until the test ends. Return false to let it be. In a
   * test with `ownContext`: another reader's cache would answer in the server's place.
   */
  fault(path: RegExp, answer: FaultAnswer): void;
  /** Whether the server sends the isolation headers (it does, until a test with `ownContext` says otherwise). */
  isolate(on: boolean): void;
  /** Lets errors and foreign requests pass whose text matches; without it any of them fails the test. */
  allow(...patterns: RegExp[]): void;
  /** Addresses the pages asked for so far, in order. */
  readonly requests: readonly string[];
  /** Console errors, page errors and foreign requests so far that were not allowed. */
  readonly troubles: readonly string[];
  /**
   * One of the tests of a walk: what it throws and what the pages say meanwhile are its failure. Left out where the
   * walk's other tests alone are run.
   */
  part(name: string, check: () => Promise<void>): Promise<void>;
  /** Saves a screenshot as `test-results/shots/<name>.png` and gives its path. */
  shot(page: Page, name: string, options?: { fullPage?: boolean }): Promise<string>;
}

export interface PageOptions {
  /** Width and height of the window in CSS pixels; 1440 by 900. */
  width?: number;
  height?: number;
  /** The browser's language; en-GB. */
  locale?: string;
  scheme?: 'light' | 'dark';
  /** By default as the test's options say (`motion`). */
  reducedMotion?: boolean;
  /** Fingers instead of a mouse. */
  touch?: boolean;
  /** In the browser that has WebGPU (SwiftShader: right, but slow). */
  webgpu?: boolean;
  /** Off: service workers are blocked (the default, so that no test sees another's cache). */
  serviceWorkers?: boolean;
}

/** Answers a request; `false` (or a promise of it) leaves the request to the site. */
export type FaultAnswer = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface TestOptions {
  /** Milliseconds; 60 s. */
  timeout?: number;
  /** A sentence: why the test does not run here. */
  skip?: string | false;
  /** Nothing else runs beside it: it watches the clock. */
  alone?: boolean;
  /**
   * It computes on WebGPU, in software: after the tests of the lanes' readers, with such tests alone beside it. Its pages
   * with `webgpu` are those of a shared reader that has it; others have a context of their own.
   */
  webgpu?: boolean;
  /**
   * A browser context that no test had before it, with an empty cache: for faults of the server, for what travels, and
   * for what is set in a context (offline, permissions). Other tests of a lane share a reader, cleaned between them.
   */
  ownContext?: boolean;
  /**
   * Pages move as for most readers. The other tests ask for less motion, as a reader may: drawing what flies and fades
   * costs a lesson’s test processor time.
   */
  motion?: boolean;
}

export interface TestCase {
  readonly name: string;
  readonly body: (ctx: TestContext) => Promise<void>;
  readonly options: TestOptions;
  /** The tests that a walk holds, in their order. */
  readonly parts?: readonly string[];
}

/** What came of one test of a walk. */
export interface Held {
  readonly name: string;
  readonly ms: number;
  readonly problem: string | undefined;
}

const registered: TestCase[] = [];

/** Registers an end-to-end test. It fails when `body` rejects, when its time is up, or when a page had an error. */
export function test(name: string, body: TestCase['body'], options: TestOptions = {}): void {
  registered.push({ name, body, options });
}

/**
 * Registers tests that are held on one walk, because what they share (a page, a device, what was compiled for it) costs more
 * than they do. The body calls `ctx.part` for each of them; each counts by itself, and one that fails leaves the others.
 * @param parts names of the tests
 */
export function walk(
  name: string,
  parts: readonly string[],
  body: TestCase['body'],
  options: TestOptions = {},
): void {
  registered.push({ name, body, options, parts });
}

/** The tests registered since the last call. */
export function takeTests(): TestCase[] {
  return registered.splice(0);
}

/** What the runner lends to every test. */
export interface Lent {
  base: string;
  faults: { path: RegExp; answer: FaultAnswer }[];
  isolation: { on: boolean };
  browser(webgpu: boolean): Promise<Browser>;
  /** The readers that tests share who need no context of their own: without WebGPU, and with it. */
  readers?: Readonly<Record<'plain' | 'webgpu', SharedReader>>;
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

/** Whether a shared reader can have such a page: windows and colours are a page's, the rest a context's. */
const shareable = ({ locale, touch, serviceWorkers }: PageOptions) =>
  (locale ?? LOCALE) === LOCALE && !touch && !serviceWorkers;

const WIDTH = 1440;
const HEIGHT = 900;
const LOCALE = 'en-GB';
const SHOTS = join('test-results', 'shots');

/** Makes a test's context and, afterwards, puts back what the test changed. */
export function openContext(
  lent: Lent,
  { ownContext = false, alone = false, webgpu = false, motion = false }: TestOptions = {},
  parts: readonly string[] = [],
): TestContext & {
  readonly spent: Spent;
  readonly held: readonly Held[];
  close(failedAs?: string): Promise<void>;
} {
  const contexts: BrowserContext[] = [];
  const readers = ownContext || alone ? undefined : lent.readers;
  /** A test on WebGPU has the pages on it of the reader that has it, and others of a reader of its own. */
  const readerOf = (options: PageOptions) =>
    webgpu === (options.webgpu ?? false) && shareable(options)
      ? readers?.[webgpu ? 'webgpu' : 'plain']
      : undefined;
  const held: Held[] = [];
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
    watch(await shared.context());
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
    const reader = readerOf(options);
    const page = reader ? await sharedPage(reader, options) : await ownPage(options);
    const goto = page.goto.bind(page);
    page.goto = (...address) => timed(spent, 'loading', () => goto(...address));
    pages.push(page);
    return page;
  }

  /** Refuses what would reach into the tests after this one. */
  const owned = (what: string) => {
    if (readers) throw new Error(`${what}: the test needs \`{ ownContext: true }\``);
  };

  async function close(failedAs?: string): Promise<void> {
    if (failedAs !== undefined) {
      mkdirSync('test-results', { recursive: true });
      for (const [i, page] of pages.entries()) {
        const path = join('test-results', `${slug(failedAs)}${i > 0 ? `-${i + 1}` : ''}.png`);
        if (!page.isClosed())
          await page
            .screenshot({ path, timeout: 5_000, style: '#sheet { display: none }' })
            .catch(() => undefined);
      }
    }
    watched.forEach(unwatch);
    await Promise.all(contexts.map((context) => context.close().catch(() => undefined)));
    await readers?.[webgpu ? 'webgpu' : 'plain'].clean(origin);
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
      owned('ctx.fault');
      lent.faults.push({ path, answer });
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
