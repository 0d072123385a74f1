import { formatFixed } from '#lib/base/format.ts';
import { patchGeometry } from '#lib/images/index.ts';
import { fromConfig, fromGraph, fromInput, type Numbers } from '#lib/notebook/numbers.ts';
import { CONFIG, shapesOf, TRAINED } from '#lib/notebook/patch-shapes.ts';
import { SIDE } from '#lib/notebook/classifier-sizes.ts';
import type { PatchesViewModel } from './view-model.svelte.ts';

type Of = Numbers<PatchesViewModel>[string];
/** At the present patch size or, as `N@8`, at another. */
const at =
  (read: (p: number, geometry: ReturnType<typeof patchGeometry>) => ReturnType<Of>): Of =>
  (vm, other) => {
    const p = other ? Number(other) : vm.p;
    return read(p, patchGeometry(SIDE, p));
  };
const macs = (p: number) => shapesOf(CONFIG, p).description.macs;

/**
 * The numbers the prose may name. Every one is a shape, a count of the graph's description, a choice of the reader, or
 * the picture's geometry.
 */
export const numbers: Numbers<PatchesViewModel> = {
  side: () => fromGraph(SIDE, 'H'),
  channels: () => fromGraph(CONFIG.channels, 'C'),
  pixels: () => fromGraph(SIDE * SIDE, 'H'),
  values: () => fromGraph(CONFIG.channels * SIDE * SIDE, 'C'),
  pixelpairs: () => fromGraph((SIDE * SIDE) ** 2),
  p: at((p) => fromInput(p, 'p')),
  rows: at((_, g) => fromGraph(g.rows, 'N')),
  N: at((_, g) => fromGraph(g.count, 'N')),
  T: at((_, g) => fromGraph(g.count + 1, 'T')),
  P: at((p) => fromGraph(CONFIG.channels * p * p, 'P')),
  plane: at((p) => fromGraph(p * p, 'P')),
  D: () => fromGraph(CONFIG.dim, 'D'),
  lastD: () => fromGraph(CONFIG.dim - 1, 'D'),
  heads: () => fromGraph(CONFIG.heads, 'h'),
  depth: () => fromGraph(CONFIG.depth),
  used: at((_, g) => fromGraph(g.used, 'H')),
  remainder: at((_, g) => fromGraph(g.remainder, 'H')),
  lost: at((_, g) => fromGraph(`${formatFixed(100 * (1 - (g.used * g.used) / (SIDE * SIDE)), 1)} %`)),
  pairs: at((_, g) => fromGraph((g.count + 1) ** 2, 'T')),
  attention: at((_, g) => fromGraph(CONFIG.heads * (g.count + 1) ** 2)),
  weights: at((p) => fromGraph(CONFIG.dim * CONFIG.channels * p * p, 'D')),
  gmacs: at((p) => fromGraph(formatFixed(macs(p) / 1e9, 2))),
  /** How many times the multiply-adds of patches twice as wide. */
  more: at((p) => fromGraph(formatFixed(macs(p) / macs(2 * p), 1))),
  // Chinese counts in 10⁸.
  yimacs: at((p) => fromGraph(formatFixed(macs(p) / 1e8, 1))),
  classes: () => fromConfig(CONFIG.classes, 'K'),
  trained: () => fromConfig(TRAINED.join(', ')),
  n: (vm) => fromInput(vm.seen.chosen.index, 'N'),
  row: (vm) => fromInput(vm.seen.chosen.row, 'N'),
  col: (vm) => fromInput(vm.seen.chosen.col, 'N'),
  k: (vm) => fromInput(vm.state.k, 'D'),
};
