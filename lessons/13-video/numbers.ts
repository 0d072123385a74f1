import { formatCount } from '#lib/base/format.ts';
import { fromGraph, type Numbers } from '#lib/notebook/numbers.ts';
import { CONFIG, SIZES } from './model.ts';
import type { VideoViewModel } from './view-model.svelte.ts';

/** The numbers the prose may name. */
export const numbers: Numbers<VideoViewModel> = {
  F: () => fromGraph(CONFIG.frames),
  side: () => fromGraph(CONFIG.image),
  t: () => fromGraph(CONFIG.tubelet),
  p: () => fromGraph(CONFIG.patch, 'p'),
  grid: () => fromGraph(SIZES.grid),
  times: () => fromGraph(SIZES.times),
  places: () => fromGraph(SIZES.places),
  N: () => fromGraph(SIZES.tubelets, 'N'),
  P: () => fromGraph(SIZES.tubeletValues, 'P'),
  Pframe: () => fromGraph(SIZES.tubeletValues / CONFIG.tubelet, 'P'),
  Nframe: () => fromGraph(SIZES.tubelets * CONFIG.tubelet, 'N'),
  D: () => fromGraph(CONFIG.dim, 'D'),
  pairs: () => fromGraph(formatCount(SIZES.tubelets ** 2)),
  depth: () => fromGraph(CONFIG.depth),
  heads: () => fromGraph(CONFIG.heads),
};
