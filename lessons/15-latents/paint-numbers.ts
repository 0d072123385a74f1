import type { Numbers } from '#lib/notebook/numbers.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** Numbers of the steps that the `paint` views belong to. */
export const paintNumbers: Numbers<LatentsViewModel> = {};
