import { getContext, setContext } from 'svelte';

const KEY = Symbol('step-id');

export function provideStepId(id: string): void {
  setContext(KEY, id);
}

/** Id of the step that this component stands in; undefined outside one. */
export const useStepId = (): string | undefined => getContext<string | undefined>(KEY);
