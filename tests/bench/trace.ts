import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly type?: string } };
}

interface Trace {
  readonly traceEvents: readonly TraceEvent[];
}

/** What Chromium writes down of the page's main thread while `work` runs. */
async function traced(browser: Browser, page: Page, work: () => Promise<void>): Promise<TraceEvent[]> {
  const categories = [
    'toplevel',
    'disabled-by-default-devtools.timeline',
    'devtools.timeline',
    'blink.user_timing',
    '__metadata',
  ];
  await browser.startTracing(page, { categories });
  await page.evaluate(() => performance.mark('bench-begin'));
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as Trace;
  const mains = new Set(
    traceEvents
      .filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain')
      .map((e) => `${e.pid}/${e.tid}`),
  );
  return traceEvents.filter((e) => mains.has(`${e.pid}/${e.tid}`));
}

/**
 * The longest task on the page's main thread while `work` runs, milliseconds of wall clock, from Chromium's own trace
 * (the Long Tasks API only tells those above 50 ms). With `between`, only tasks that lie between two marks the page
 * sets with `performance.mark` count.
 */
export async function longestTask(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
  between?: readonly [begin: string, end: string],
): Promise<number> {
  const events = await traced(browser, page, work);
  const at = (name: string) => events.find((e) => e.name === name)?.ts;
  const [from, to] = between ? [at(between[0]), at(between[1])] : [0, Infinity];
  if (from === undefined || to === undefined) throw new Error('the trace lacks the marks');
  const tasks = events.filter(
    (e) => /RunTask$/.test(e.name) && e.ph === 'X' && e.ts + (e.dur ?? 0) > from && e.ts < to,
  );
  if (tasks.length === 0) throw new Error('the trace holds no tasks of the main thread');
  return Math.max(...tasks.map((e) => (e.dur ?? 0) / 1000));
}

/** From each move of the cursor to the end of the main thread's commit of the frame that shows it, milliseconds. */
export async function untilCommit(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
): Promise<number[]> {
  const events = (await traced(browser, page, work)).sort((a, b) => a.ts - b.ts);
  const commits = events.filter((e) => e.name === 'Commit' && e.ph === 'X');
  const moves = events.filter((e) => e.name === 'EventDispatch' && e.args?.data?.type === 'pointermove');
  const found = moves.flatMap((move) => {
    const commit = commits.find((c) => c.ts >= move.ts);
    return commit ? [(commit.ts + (commit.dur ?? 0) - move.ts) / 1000] : [];
  });
  if (found.length === 0) throw new Error('the trace holds no moves of the cursor');
  return found;
}
