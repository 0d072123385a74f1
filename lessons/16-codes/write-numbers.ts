import type { Numbers } from '#lib/notebook/numbers.ts';
import type { CodesViewModel } from './view-model.svelte.ts';

/** Numbers of the steps that the `write` views belong to. */
export const writeNumbers: Numbers<CodesViewModel> = {};
