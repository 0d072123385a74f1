import type { Numbers } from '#lib/notebook/numbers.ts';
import type { CodesViewModel } from './view-model.svelte.ts';

/** Numbers of the steps that the `code` views belong to. */
export const codeNumbers: Numbers<CodesViewModel> = {};
