import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * The longest task on the page's main thread while `work` runs, milliseconds of wall clock, from Chromium's own trace
 * (the Long Tasks API only tells those above 50 ms).
 */
export async function longestTask(browser: Browser, page: Page, work: () => Promise<void>): Promise<number> {
  const categories = ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'];
  await browser.startTracing(page, { categories });
  await page.evaluate(() => performance.mark('bench-begin'));
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    trace.traceEvents
      .filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain')
      .map((e) => `${e.pid}/${e.tid}`),
  );
  const tasks = trace.traceEvents.filter(
    (e) => /RunTask$/.test(e.name) && e.ph === 'X' && mains.has(`${e.pid}/${e.tid}`),
  );
  if (tasks.length === 0) throw new Error('the trace holds no tasks of the main thread');
  return Math.max(...tasks.map((e) => (e.dur ?? 0) / 1000));
}
