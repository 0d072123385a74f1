import { formatFixed, formatPercent, formatShort } from '#lib/base/format.ts';
import { noisePower, processOf } from '#lib/diffusion/math/spec.ts';
import { fromConfig, fromGraph, fromInput, type Numbers } from '#lib/notebook/numbers.ts';
import { CONFIG, DIFFUSION, fedTime, SHAPES, shapesOf, SIZES } from './model.ts';
import { PUBLISHED } from './published.ts';
import type { UVitViewModel } from './view-model.svelte.ts';

const { grid, patches, tokens, extras, half, blocks, patchValues } = SIZES;
const { dim, heads, patch, image, channels, classes, depth } = CONFIG;

const process = processOf(DIFFUSION);

/** The numbers the prose may name: shapes and counts of the graph, and the reader's choices. */
export const numbers: Numbers<UVitViewModel> = {
  T: () => fromGraph(tokens, 'T'),
  N: () => fromGraph(patches, 'N'),
  extras: () => fromGraph(extras, 'T'),
  grid: () => fromGraph(grid, 'N'),
  D: () => fromGraph(dim, 'D'),
  halfD: () => fromGraph(dim / 2, 'D'),
  '2D': () => fromGraph(2 * dim, 'D'),
  p: () => fromGraph(patch, 'p'),
  image: () => fromGraph(image, 'p'),
  P: () => fromGraph(patchValues, 'P'),
  heads: () => fromGraph(heads, 'h'),
  half: () => fromGraph(half),
  depth: () => fromGraph(depth),
  blocks: () => fromGraph(blocks),
  maps: () => fromGraph(blocks * heads, 'h'),
  K: () => fromConfig(classes, 'K'),
  cat: () => fromGraph(`${tokens}×${2 * dim}`, 'T'),
  joined: () => fromGraph(`${tokens}×${dim}`, 'T'),
  table: () => fromGraph(`${heads}×${tokens}×${tokens}`, 'T'),
  even: () => fromGraph(`${formatFixed(100 / tokens, 1)} %`),
  params: () => fromGraph(formatShort(SHAPES.description.parameters)),
  conv: () => fromGraph(9 * channels ** 2 + channels),
  S: () => fromGraph(formatShort(shapesOf(PUBLISHED[0]!.config).description.parameters)),
  /** Share of noise in a state's power at a time; the time at which it is half. */
  noise: (_, at) => fromConfig(formatPercent(noisePower(process, Number(at))), 't'),
  'even-time': () => fromConfig(formatFixed(process.timeAt(0), 2), 't'),
  steps: (vm) => fromInput(vm.state.n, 't'),
  step: (vm) => fromInput(vm.k + 1, 't'),
  held: (vm) => fromInput(formatFixed(vm.state.held / 100, 2), 't'),
  t: ({ frame }) => fromInput(frame && formatFixed(frame.t, 3), 't'),
  tau: ({ frame }) => fromInput(frame && formatFixed(fedTime(frame.t), 1), 't'),
};
