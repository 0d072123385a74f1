import type { Numbers } from '#lib/notebook/numbers.ts';
import type { CodesViewModel } from './view-model.svelte.ts';

/** Numbers of the steps that the `rounds` views belong to. */
export const roundsNumbers: Numbers<CodesViewModel> = {};
