import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where a test's time goes, in milliseconds; what is left of the whole is its own acting and waiting. */
export interface Spent {
  /** Making contexts and pages, the browser's start included. */
  opening: number;
  /** Going to addresses, until what the test asked of that (`load`, if nothing else). */
  loading: number;
  /** Closing contexts, and screenshots of what failed. */
  closing: number;
  all: number;
  /** Processor time of the browser, the server and the test, where one test runs at a time; else 0. */
  processor: number;
}

export const nothingSpent = (): Spent => ({ opening: 0, loading: 0, closing: 0, all: 0, processor: 0 });

/** Runs `work` and adds its time to one of the parts. */
export async function timed<T>(spent: Spent, part: keyof Spent, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    spent[part] += performance.now() - began;
  }
}

/** Seconds that a test took when it last ran here, by its title. */
export type History = Readonly<Record<string, number>>;

const HISTORY = 'node_modules/.cache/e2e-seconds.json';

/** What earlier runs on this machine took; empty where there was none, or where it can't be read. */
export function readHistory(path = HISTORY): History {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof read === 'object' && read !== null ? (read as History) : {};
  } catch {
    return {};
  }
}

/** Keeps the seconds of this run beside those of tests that did not run in it. */
export function writeHistory(times: ReadonlyMap<string, Spent>, path = HISTORY): void {
  const seconds = Object.fromEntries(
    [...times].map(([title, { all }]) => [title, Math.round(all / 100) / 10]),
  );
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ ...readHistory(path), ...seconds }));
}

interface Waiting {
  readonly title: string;
  readonly test: { readonly options: { readonly timeout?: number } };
}

/**
 * The tests in the order in which lanes should take them, so that lanes end together: longest first. A test that never
 * ran here is thought to take a quarter of the time it is given.
 */
export function longestFirst<T extends Waiting>(tests: readonly T[], history: History): T[] {
  const expected = ({ title, test }: T) => history[title] ?? (test.options.timeout ?? 60_000) / 4000;
  return [...tests].sort((a, b) => expected(b) - expected(a));
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** The slowest tests and where the time of all of them went, as lines for a terminal. */
export function summary(times: ReadonlyMap<string, Spent>, count = 10): string[] {
  const slowest = [...times].sort(([, a], [, b]) => b.all - a.all).slice(0, count);
  const sum = nothingSpent();
  for (const spent of times.values())
    for (const part of Object.keys(sum) as (keyof Spent)[]) sum[part] += spent[part];
  const { opening, loading, closing, all, processor } = sum;
  return [
    `The ${slowest.length} slowest of ${times.size} tests:`,
    ...slowest.map(([title, spent]) => `  ${seconds(spent.all).padStart(6)}  ${title}`),
    `${seconds(all)} in all lanes together: contexts and pages opened ${seconds(opening)}, addresses loaded ` +
      `${seconds(loading)}, closed ${seconds(closing)}, the tests’ own acting and waiting ` +
      `${seconds(all - opening - loading - closing)}`,
    ...(processor > 0 ? [`${seconds(processor)} of processor time`] : []),
  ];
}
