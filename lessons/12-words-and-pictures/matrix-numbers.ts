import type { Numbers } from '#lib/notebook/numbers.ts';
import type { WordsViewModel } from './view-model.svelte.ts';

/** Numbers of the steps on matrix, labels, angles, limits and changes. */
export const matrixNumbers: Numbers<WordsViewModel> = {};
