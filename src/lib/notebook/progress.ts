import { keep, recall } from '#lib/base/storage.ts';

/** How far a reader has come in a lesson: the ids of the steps reached, kept in this browser. */
export function reachedSteps(slug: string): readonly string[] {
  return (recall(`reached:${slug}`) ?? '').split(' ').filter(Boolean);
}

export function keepReached(slug: string, steps: Iterable<string>): void {
  keep(`reached:${slug}`, [...steps].join(' ') || undefined);
}
