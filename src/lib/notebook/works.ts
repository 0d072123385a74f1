import { getContext, setContext } from 'svelte';
import type { Reference } from './bibliography/reference.ts';

/** The works a lesson cites, by key: first author and year. */
export type Works = Readonly<Record<string, Reference>>;

const KEY = Symbol('works');

export function provideWorks(works: Works): void {
  setContext(KEY, works);
}

/** What the open lesson cites; nothing outside of lessons. */
export function useWorks(): Works {
  return (getContext(KEY) as Works | undefined) ?? {};
}
