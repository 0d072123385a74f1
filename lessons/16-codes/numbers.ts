import { formatShort } from '#lib/base/format.ts';
import { fromConfig, fromGraph, type Numbers } from '#lib/notebook/numbers.ts';
import { codeNumbers } from './code-numbers.ts';
import { CODES, GRID, PLACES, SCALES, SIDE, TOLD, VQ_CONFIG, WIDTH } from './model.ts';
import { roundsNumbers } from './rounds-numbers.ts';
import type { CodesViewModel } from './view-model.svelte.ts';
import { writeNumbers } from './write-numbers.ts';

/** The numbers the prose may name. */
export const numbers: Numbers<CodesViewModel> = {
  S: () => fromGraph(SIDE, 'H'),
  f: () => fromGraph(VQ_CONFIG.factor),
  s: () => fromGraph(GRID, 'H'),
  /** Places of a grid, entries of the codebook, numbers of an entry. */
  N: () => fromGraph(PLACES, 'N'),
  K: () => fromGraph(CODES),
  E: () => fromGraph(WIDTH, 'C'),
  pixels: () => fromGraph(formatShort(VQ_CONFIG.channels * SIDE * SIDE)),
  /** Text tokens that are told. */
  L: () => fromConfig(TOLD),
  /** Codes of all scales together. */
  Nscales: () => fromGraph(SCALES.reduce((sum, side) => sum + side * side, 0)),
  ...codeNumbers,
  ...writeNumbers,
  ...roundsNumbers,
};
