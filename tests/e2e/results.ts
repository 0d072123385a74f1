import type { Held, TestCase } from './harness.ts';

/** A test, or a walk that holds several, and what it is called in the run. */
export interface Named {
  readonly title: string;
  readonly test: TestCase;
}

/** What came of it: of a test one problem or none, of a walk one besides for each of its tests that it came to. */
export interface CameOf {
  readonly problem: string | undefined;
  readonly held: readonly Held[];
}

/** How many tests it is. */
export const countOf = ({ test }: Named): number => test.parts?.length ?? 1;

/**
 * The test where its title holds every word, of `a|b` one of both; of a walk those of its tests whose titles do. Undefined
 * where none does.
 */
export function asked(named: Named, words: readonly string[]): Named | undefined {
  const holds = (title: string) =>
    words.every((word) => word.split('|').some((one) => title.toLowerCase().includes(one.toLowerCase())));
  const { title, test } = named;
  if (!test.parts) return holds(title) ? named : undefined;
  const parts = test.parts.filter((part) => holds(`${title}: ${part}`));
  return parts.length > 0 ? { title, test: { ...test, parts } } : undefined;
}

/**
 * What of it has not passed, to be tried again: undefined where all has. A walk's test that it did not come to has not
 * passed, and none has where the pages had an error outside of all tests.
 */
export function notPassed(named: Named, { problem, held }: CameOf): Named | undefined {
  const { title, test } = named;
  if (!test.parts) return problem === undefined ? undefined : named;
  const passed = new Set(held.filter((part) => part.problem === undefined).map(({ name }) => name));
  const failed = test.parts.filter((name) => !passed.has(name));
  if (failed.length > 0) return { title, test: { ...test, parts: failed } };
  return problem === undefined ? undefined : named;
}

/** A line a test, with the words of what went wrong below it. @param bad what is said of one that failed */
export function lines(
  { title, test }: Named,
  { problem, held }: CameOf,
  bad: string,
  spent: { readonly all: number; readonly processor: number },
): string[] {
  const line = (name: string, wrong: string | undefined, ...ms: number[]) => {
    const took = ms.filter((n) => n > 0).map((n) => (n / 1000).toFixed(1));
    const words = wrong === undefined ? '' : `\n${wrong.replace(/^/gm, '    ')}`;
    return `${wrong === undefined ? 'ok' : bad} ${name} (${took.join(' s, processor ')} s)${words}`;
  };
  const parts = held.map((part) => line(`${title}: ${part.name}`, part.problem, part.ms));
  if (!test.parts || problem !== undefined)
    return [...parts, line(title, problem, spent.all, spent.processor)];
  const processor = (spent.processor / 1000).toFixed(1);
  return spent.processor > 0 ? [...parts, `   ${title}: all of them, processor ${processor} s`] : parts;
}
