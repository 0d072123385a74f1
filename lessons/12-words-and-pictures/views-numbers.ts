import type { Numbers } from '#lib/notebook/numbers.ts';
import type { WordsViewModel } from './view-model.svelte.ts';

/** Numbers of the steps on views of a picture, collapse and the methods. */
export const viewsNumbers: Numbers<WordsViewModel> = {};
