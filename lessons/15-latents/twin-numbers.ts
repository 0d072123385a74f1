import type { Numbers } from '#lib/notebook/numbers.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** Numbers of the steps that the `twin` views belong to. */
export const twinNumbers: Numbers<LatentsViewModel> = {};
