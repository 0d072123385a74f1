import { formatFixed, formatShort } from '#lib/base/format.ts';
import { fromGraph, fromInput, fromTensor, type Numbers } from '#lib/notebook/numbers.ts';
import { CONFIG, costFor, SIZES } from './model.ts';
import { neighbourCorrelation } from './neighbours.ts';
import { tokensFor, type MaskedViewModel } from './view-model.svelte.ts';

type Of = Numbers<MaskedViewModel>[string];
/** Patches seen now or, as `macs@75`, at another percentage hidden. */
const at =
  (read: (visible: number) => ReturnType<Of>): Of =>
  (vm, percent) =>
    read(percent ? Math.round(SIZES.patches * (1 - Number(percent) / 100)) : vm.masking.visible);
const painted = fromTensor('reconstruction');
const fixed = (value: number | undefined, digits = 3) =>
  value === undefined ? undefined : formatFixed(value, digits);

/** The numbers the prose may name. */
export const numbers: Numbers<MaskedViewModel> = {
  p: () => fromGraph(CONFIG.patch, 'p'),
  P: () => fromGraph(SIZES.patchValues, 'P'),
  D: () => fromGraph(CONFIG.dim, 'D'),
  E: () => fromGraph(CONFIG.decoderDim, 'D'),
  depth: () => fromGraph(CONFIG.depth),
  ddepth: () => fromGraph(CONFIG.decoderDepth),
  N: () => fromGraph(SIZES.patches, 'N'),
  V: at((visible) => fromGraph(visible, 'N')),
  hidden: at((visible) => fromGraph(SIZES.patches - visible, 'N')),
  T: at((visible) => fromGraph(tokensFor(visible).encoder, 'T')),
  Td: () => fromGraph(SIZES.decoderTokens, 'T'),
  macsenc: at((visible) => fromGraph(formatShort(costFor(Math.max(1, visible)).encoder))),
  macsdec: at((visible) => fromGraph(formatShort(costFor(Math.max(1, visible)).decoder))),
  macsfull: () => fromGraph(formatShort(costFor(SIZES.patches).encoder)),
  times: at((visible) =>
    fromGraph(formatFixed(costFor(SIZES.patches).encoder / costFor(Math.max(1, visible)).encoder, 1)),
  ),
  loss: (vm) => painted(fixed(vm.losses?.hidden)),
  all: (vm) => painted(fixed(vm.losses?.all)),
  lines: (vm) => painted(fixed(vm.losses?.lines)),
  mean: (vm) => painted(fixed(vm.painting?.stats.mean[vm.chosen], 2)),
  std: (vm) => painted(fixed(vm.painting?.stats.std[vm.chosen], 2)),
  alike: (vm, distance) =>
    vm.input &&
    fromInput(formatFixed(neighbourCorrelation(vm.input, CONFIG.image, Number(distance) || 1), 2)),
};
