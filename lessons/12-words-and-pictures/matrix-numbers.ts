import { formatCount, formatFixed, formatValue } from '#lib/base/format.ts';
import { fromConfig, fromInput, fromTensor, type Numbers } from '#lib/notebook/numbers.ts';
import { CLASS_COUNT } from './class-count.ts';
import { TEMPLATES } from './model.ts';
import { MOST_LABELS } from './own-labels.ts';
import { pairPictures } from './pairs.ts';
import type { WordsViewModel } from './view-model.svelte.ts';

const pairsOf = (vm: WordsViewModel) => vm.index.table && pairPictures(vm.state.pairs, vm.index.table).length;

/** Numbers of the steps on matrix, labels, angles, limits and changes. */
export const matrixNumbers: Numbers<WordsViewModel> = {
  /** One over the learned scale. */
  temperature: (vm) =>
    fromTensor('logit_scale')(vm.scale === undefined ? undefined : formatValue(1 / vm.scale, 2)),
  /** Pictures of the matrix. */
  pairs: (vm) => fromInput(pairsOf(vm)),
  /** What a matrix of that many equal logits costs. */
  chance: (vm) => {
    const n = pairsOf(vm);
    return fromInput(n === undefined ? undefined : formatFixed(Math.log(n), 3));
  },
  labels: () => fromConfig(MOST_LABELS),
  sentences: () => fromConfig(TEMPLATES.photo.en.length),
  classes: () => fromConfig(CLASS_COUNT),
  classpairs: () => fromConfig(formatCount((CLASS_COUNT * (CLASS_COUNT - 1)) / 2)),
};
