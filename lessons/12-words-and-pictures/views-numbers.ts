import { formatFixed } from '#lib/base/format.ts';
import { fromConfig, fromInput, type Numbers } from '#lib/notebook/numbers.ts';
import { STEPS, WIDTH } from './collapse-ways.ts';
import { PICTURES, VIEWS_EACH } from './view-set.ts';
import type { WordsViewModel } from './view-model.svelte.ts';

const VIEWS = PICTURES * VIEWS_EACH;

/** Numbers of the steps on views of a picture, collapse and the methods. */
export const viewsNumbers: Numbers<WordsViewModel> = {
  /** Pictures of the batch, their views, and the negatives that a view has among them. */
  batch: () => fromConfig(PICTURES),
  views: () => fromConfig(VIEWS),
  negatives: () => fromConfig(VIEWS - 2),
  /** Cross-entropy of a guess among all other views. */
  guess: () => fromConfig(formatFixed(Math.log(VIEWS - 1), 3)),
  tau: (vm) => fromInput(formatFixed(vm.state.tau, 2)),
  trainsteps: () => fromConfig(STEPS),
  sphere: () => fromConfig(WIDTH),
};
