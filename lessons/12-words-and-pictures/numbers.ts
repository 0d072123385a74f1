import { formatFixed, formatPercent } from '#lib/base/format.ts';
import { fromConfig, fromGraph, fromInput, fromTensor, type Numbers } from '#lib/notebook/numbers.ts';
import { gallery } from '#lib/pictures/gallery.ts';
import { CONFIG } from './model.ts';
import { matrixNumbers } from './matrix-numbers.ts';
import { viewsNumbers } from './views-numbers.ts';
import type { WordsViewModel } from './view-model.svelte.ts';

/** The numbers the prose may name. */
export const numbers: Numbers<WordsViewModel> = {
  S: () => fromGraph(CONFIG.image, 'H'),
  p: () => fromGraph(CONFIG.patch, 'p'),
  N: () => fromGraph((CONFIG.image / CONFIG.patch) ** 2, 'N'),
  D: () => fromGraph(CONFIG.dim, 'D'),
  E: () => fromGraph(CONFIG.embed, 'E'),
  T: () => fromGraph(CONFIG.context, 'T'),
  vocabulary: () => fromGraph(CONFIG.vocabulary),
  depth: () => fromGraph(CONFIG.depth),
  tdepth: () => fromGraph(CONFIG.textDepth),
  tokens: (vm) => vm.row && fromInput(vm.row.length),
  signs: (vm) => fromConfig(vm.index.table?.atlas.concepts.length),
  photos: () => fromConfig(gallery().length || undefined),
  plane: (vm) => {
    const pca = vm.map.map?.pca;
    const share = pca && pca.variance.reduce((sum, v) => sum + v, 0) / pca.total;
    return fromTensor('visual.embedding')(share === undefined ? undefined : formatPercent(share));
  },
  scale: (vm) => fromTensor('logit_scale')(vm.scale === undefined ? undefined : formatFixed(vm.scale, 1)),
  ...matrixNumbers,
  ...viewsNumbers,
};
