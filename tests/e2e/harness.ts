import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BrowserContext, Page } from 'playwright-core';

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
   * It computes on WebGPU, in software: after the tests of the lanes' readers, with such tests alone beside it. It has a
   * context of its own.
   */
  webgpu?: boolean;
  /**
   * A browser context that no test had before it, with an empty cache: for faults of the server, for what travels, and
   * for what is set in a context (offline, permissions). Other tests of a lane share a reader, cleaned between them.
   */
  ownContext?: boolean;
  /** It plays faults of files that are asked for anew at every visit, as models are: the shared reader can have them. */
  faults?: boolean;
  /** The shared reader's HTTP cache is emptied before it: for what travels, where nothing else of a context counts. */
  emptyCache?: boolean;
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
