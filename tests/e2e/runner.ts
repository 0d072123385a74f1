import { readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild } from '../../scripts/lib/build.js';
import { ensureChromium, ensureShell, NO_CHROMIUM } from '../../scripts/lib/chromium.js';
import { takeTests, type TestOptions } from './harness.ts';
import { openLane, type Lane } from './lane.ts';
import { processorTime } from './processor.ts';
import { asked, countOf, lines, notPassed, type Named } from './results.ts';
import { longestFirst, readHistory, summary, writeHistory, type Spent } from './times.ts';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface RunOptions {
  /** Address of a server that runs already (a development server); faults can't be played there. */
  readonly external?: string | undefined;
  /** Tests that run at once; three where there are two cores. */
  readonly lanes?: number | undefined;
}

/** One more than cores, since tests wait now and then; not more than were tried. */
const MOST_LANES = 3;

/** The site-wide test files, then those of the lessons (`lessons/NN-slug/tests/*.e2e.ts`), each in order. */
function testFiles(): string[] {
  const under = (folder: string, end: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(end))
      .sort()
      .map((name) => join(folder, name));
  return [...under(join('tests', 'e2e'), '.test.ts'), ...under('lessons', '.e2e.ts')];
}

/** What a file is called in the names of its tests: `inspector`, `lesson 03-attention`. */
const nameOf = (file: string) =>
  file
    .replace(/^tests.e2e.|\.test\.ts$/g, '')
    .replace(/^lessons.(.+?).tests.(.+)\.e2e\.ts$/, (_, slug: string) => `lesson ${slug}`);

/** The tests whose file or name holds every one of the words. */
async function chosenTests(words: readonly string[]): Promise<Named[]> {
  const chosen: Named[] = [];
  for (const file of testFiles()) {
    await import(pathToFileURL(file).href);
    for (const test of takeTests()) {
      const found = asked({ title: `${nameOf(file)}: ${test.name}`, test }, words);
      if (found) chosen.push(found);
    }
  }
  return chosen;
}

/** What playwright says when a page, its context or the browser is gone. */
const CLOSED = /Target page, context or browser has been closed/;

/**
 * Runs a test in a lane, prints what came of it, counts it and notes its time.
 * @param later where a failed test waits for a second try by itself; without it a failure counts at once
 */
async function runIn(
  lane: Lane,
  named: Named,
  counts: Counts,
  times: Map<string, Spent>,
  later?: Named[],
): Promise<void> {
  const { title, test } = named;
  if (test.options.skip) {
    counts.skipped += countOf(named);
    console.log(`skip ${title}: ${test.options.skip}`);
    return;
  }
  const before = later ? 0 : processorTime(process.pid);
  let { problem, spent, held } = await lane.run(test);
  // Chromium itself went away under the test: once more in a new one, and said so. A second time is a failure.
  if (problem && CLOSED.test(problem)) {
    console.log(`again ${title}: the browser closed under it`);
    await lane.renew();
    ({ problem, spent, held } = await lane.run(test));
  }
  // Beside another lane it can't be told whose work it was.
  if (!later) spent.processor = processorTime(process.pid) - before;
  times.set(title, spent);
  const bad = later ? 'again, by itself:' : 'not ok';
  console.log(lines(named, { problem, held }, bad, spent).join('\n'));
  const left = notPassed(named, { problem, held });
  const failed = left ? countOf(left) : 0;
  counts.passed += countOf(named) - failed;
  if (left && later) later.push(left);
  else counts.failed += failed;
  await lane.renew();
}

/**
 * Runs the end-to-end tests whose file or name holds every one of the words. Each lane takes the next test, longest
 * first; those on WebGPU come after the others, and those that want to be alone last, one at a time. A test that fails beside another lane is tried once more
 * by itself, and said so: two cores shared by two pages can be too slow for it. There a failure counts. Closes with the
 * slowest tests.
 * @param words filter, case-insensitive
 */
export async function runAll(words: readonly string[], options: RunOptions = {}): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const { external } = options;
  const webgpu = ensureChromium();
  if (!webgpu) {
    console.log(`not ok ${NO_CHROMIUM}`);
    return { ...counts, failed: 1 };
  }
  if (!external && !ensureBuild()) {
    console.log('not ok the site could not be built');
    return { ...counts, failed: 1 };
  }
  rmSync('test-results', { recursive: true, force: true });

  const executables = { webgpu, plain: ensureShell() ?? webgpu };
  const chosen = await chosenTests(words);
  const later: Named[] = [];
  const times = new Map<string, Spent>();
  const history = readHistory();
  const ordered = (which: (options: TestOptions) => unknown) =>
    longestFirst(
      chosen.filter(({ test }) => which(test.options)),
      history,
    );
  const shared = ordered(({ alone, webgpu: gpu }) => !alone && !gpu);
  const onGpu = ordered(({ alone, webgpu: gpu }) => gpu && !alone);
  const alone = ordered((o) => o.alone);
  const wanted = options.lanes ?? (external ? 1 : Math.min(MOST_LANES, availableParallelism() + 1));
  const count = Math.max(1, Math.min(wanted, Math.max(shared.length, onGpu.length)));
  const lanes = await Promise.all(
    Array.from({ length: count }, (_, i) => openLane(executables, i, external)),
  );
  for (const waiting of [shared, onGpu])
    await Promise.all(
      lanes.map(async (lane) => {
        for (let test = waiting.shift(); test; test = waiting.shift())
          await runIn(lane, test, counts, times, count > 1 ? later : undefined);
      }),
    );
  for (const test of [...alone, ...later]) await runIn(lanes[0]!, test, counts, times);
  if (later.length > 0) console.log(`${later.length} tried twice`);
  await Promise.all(lanes.map((lane) => lane.close()));
  if (!external) writeHistory(times);
  if (times.size > 1) console.log(`\n${summary(times).join('\n')}\n`);
  return counts;
}
