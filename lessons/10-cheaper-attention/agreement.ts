import type { Guess } from '#lib/notebook/answer.ts';

/** The answer that most networks give first, and how many do; undefined where no two agree. Of equally many the first. */
export function agreement(
  firsts: readonly Guess[],
): { readonly guess: Guess; readonly count: number } | undefined {
  const counts = firsts.map(({ id }) => firsts.filter((other) => other.id === id).length);
  const most = Math.max(0, ...counts);
  const guess = firsts[counts.indexOf(most)];
  return guess && most > 1 ? { guess, count: most } : undefined;
}
