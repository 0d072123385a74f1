import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { ensureBuild, basePath } from '../../scripts/lib/build.js';
import { ensureChromium, FLAGS, NO_CHROMIUM, WEBGPU_FLAGS } from '../../scripts/lib/chromium.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { openContext, takeTests, type Lent, type TestCase } from './harness.ts';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Test files under the folder, in order. */
function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => join(folder, name));
}

/** What playwright says when a page, its context or the browser is gone. */
const CLOSED = /Target page, context or browser has been closed/;

/** Starts both browsers on first use. */
function browsers(executablePath: string) {
  const started = new Map<boolean, Promise<Browser>>();
  return {
    get(webgpu: boolean): Promise<Browser> {
      let browser = started.get(webgpu);
      if (!browser) {
        const args = webgpu ? [...FLAGS, ...WEBGPU_FLAGS] : FLAGS;
        browser = chromium.launch({ executablePath, args, headless: true });
        started.set(webgpu, browser);
      }
      return browser;
    },
    /** Ends a browser that hangs or has crashed, so that the next test gets a new one. */
    async renew() {
      for (const [webgpu, browser] of started) {
        const alive = await browser.then((b) => b.isConnected()).catch(() => false);
        if (!alive) started.delete(webgpu);
      }
    },
    async close() {
      for (const browser of started.values()) await browser.then((b) => b.close()).catch(() => undefined);
    },
  };
}

/** Runs one test; gives what went wrong, or nothing. */
async function runOne(test: TestCase, lent: Lent): Promise<string | undefined> {
  const limit = test.options.timeout ?? 60_000;
  const ctx = openContext(lent);
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
    await ctx.close(problem === undefined ? undefined : test.name);
  }
  return problem;
}

/**
 * Runs the end-to-end tests whose file or name holds every one of the words.
 * @param words filter, case-insensitive
 * @param external address of a server that runs already (a development server); faults can't be played there
 */
export async function runAll(words: string[], external?: string): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const executable = ensureChromium();
  if (!executable) {
    console.log(`not ok ${NO_CHROMIUM}`);
    return { ...counts, failed: 1 };
  }
  if (!external && !ensureBuild()) {
    console.log('not ok the site could not be built');
    return { ...counts, failed: 1 };
  }
  rmSync('test-results', { recursive: true, force: true });

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
  const chrome = browsers(executable);
  const base = external ?? `http://localhost:${server!.port}${basePath()}`;
  const lent: Lent = { base, faults, isolation, browser: (webgpu) => chrome.get(webgpu) };

  for (const file of testFiles(join('tests', 'e2e'))) {
    await import(pathToFileURL(file).href);
    for (const test of takeTests()) {
      const title = `${file.replace(/^tests.e2e.|\.test\.ts$/g, '')}: ${test.name}`;
      if (!words.every((word) => title.toLowerCase().includes(word.toLowerCase()))) continue;
      if (test.options.skip) {
        counts.skipped++;
        console.log(`skip ${title}: ${test.options.skip}`);
        continue;
      }
      const began = performance.now();
      let problem = await runOne(test, lent);
      // Chromium itself went away under the test: once more in a new one, and said so. A second time is a failure.
      if (problem && CLOSED.test(problem)) {
        console.log(`again ${title}: the browser closed under it`);
        await chrome.renew();
        problem = await runOne(test, lent);
      }
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      if (problem === undefined) counts.passed++;
      else counts.failed++;
      console.log(`${problem === undefined ? 'ok' : 'not ok'} ${title} (${seconds} s)`);
      if (problem !== undefined) console.log(problem.replace(/^/gm, '    '));
      await chrome.renew();
    }
  }
  await chrome.close();
  await server?.close();
  return counts;
}
