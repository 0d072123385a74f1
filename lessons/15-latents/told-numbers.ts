import type { Numbers } from '#lib/notebook/numbers.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** Numbers of the steps that the `told` views belong to. */
export const toldNumbers: Numbers<LatentsViewModel> = {};
