import { SvelteSet } from 'svelte/reactivity';

/**
 * Whatever on the page is being computed and will take the place of something shown: forward passes, runs of a sampler,
 * measures of large tensors. While it is not empty a label may be newer than the number beside it, and the stage says so.
 * Reactive; one for the page.
 */
const works = new SvelteSet<object>();

/** Says whether a newer answer of `work` is awaited. Saying the same twice changes nothing. */
export function setAwaited(work: object, awaited: boolean): void {
  if (awaited) works.add(work);
  else works.delete(work);
}

/** Reactive. Whether anything is being computed. */
export const anyAwaited = (): boolean => works.size > 0;

/** Does `work`, and says as long that an answer is awaited. */
export async function awaiting<T>(work: () => Promise<T>): Promise<T> {
  const token = {};
  setAwaited(token, true);
  try {
    return await work();
  } finally {
    setAwaited(token, false);
  }
}
