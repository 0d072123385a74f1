import { leastLoss, ToyTraining } from '#lib/diffusion/toy/training.ts';
import { formatFixed, formatPercent, formatShort, formatValue } from '#lib/base/format.ts';
import { processOf } from '#lib/diffusion/math/spec.ts';
import { fromConfig, fromGraph, fromInput, fromTensor, type Numbers } from '#lib/notebook/numbers.ts';
import { CONFIG, DESCRIPTION, EACH, GRAPH, RECIPE, SEEN, STORED } from './model.ts';
import { MIXTURES } from './toy.ts';
import type { DenoiseViewModel } from './view-model.svelte.ts';

/** Pictures a published U-ViT of CIFAR-10 saw: 500,000 steps of 128 (Bao et al. 2022, table of settings). */
const PUBLISHED = 500_000 * 128;

const process = processOf(STORED.diffusion);
const predicted = fromTensor('prediction');
const digits = (v: number | undefined) => (v === undefined ? undefined : formatFixed(v, 4));
/** The network that the page trains, before its first step. */
const toy = new ToyTraining({ mixture: MIXTURES.three, seed: 0, steps: 1 });

/** The numbers the prose may name. */
export const numbers: Numbers<DenoiseViewModel> = {
  side: () => fromGraph(CONFIG.image, 'H'),
  values: () => fromGraph(EACH, 'C'),
  patch: () => fromConfig(CONFIG.patch, 'p'),
  N: () => fromGraph((CONFIG.image / CONFIG.patch) ** 2, 'N'),
  T: () => fromGraph(GRAPH.value('tokens').shape[1], 'T'),
  blocks: () => fromGraph(CONFIG.depth + 1),
  D: () => fromGraph(CONFIG.dim, 'D'),
  params: () => fromGraph(formatShort(DESCRIPTION.parameters)),
  classes: () => fromConfig(CONFIG.classes, 'K'),
  seen: () => fromConfig(SEEN),
  times: () => fromConfig(SEEN && Math.round(PUBLISHED / SEEN)),
  published: () => ({ value: formatShort(PUBLISHED), from: 'cite:bao2023' }),
  n: ({ state }) => fromInput(state.n, 't'),
  passes: ({ state }) => fromInput(state.m === 'heun' ? 2 * state.n - 1 : state.n),
  w: ({ state }) => fromInput(formatValue(state.w, 2)),
  s: ({ state }) => fromInput(formatFixed(state.w - 1, 1)),
  /** What picture and noise are weighed with at a time. */
  signal: (_, at) => fromConfig(formatFixed(process.signalRate(Number(at)), 2), 't'),
  noise: (_, at) => fromConfig(formatFixed(process.noiseRate(Number(at)), 2), 't'),
  t: ({ state }) => fromInput(formatFixed(state.t, 2), 't'),
  step: ({ play }) => fromInput(play.frame?.step ?? 0, 't'),
  /** The training example on the stage. */
  time: ({ state }) => fromInput(formatFixed(state.time, 2), 't'),
  mse: ({ training }) => predicted(digits(training.shown?.said?.mean)),
  'mse-eps': ({ training }) => predicted(digits(training.shown?.said?.as.eps)),
  'mse-x0': ({ training }) => predicted(digits(training.shown?.said?.as.x0)),
  loss: ({ training }) => {
    const said = training.shown?.said;
    return predicted(said && digits(said.weight * said.mean));
  },
  gamma: () => fromConfig(RECIPE.gamma),
  batch: () => fromConfig(RECIPE.batch),
  updates: () => fromConfig(RECIPE.steps),
  drop: () => fromConfig(formatPercent(RECIPE.classDrop)),
  toyparams: () => fromGraph(toy.network.parameters.length),
  toybatch: () => fromConfig(toy.spec.batch),
  toyleast: ({ state }) => fromConfig(formatFixed(leastLoss(MIXTURES[state.toy]), 3)),
  seed: ({ state }) => fromInput(state.seed),
  seed2: ({ state }) => fromInput(state.seed2),
  holes: (vm) => fromInput(vm.holes.size),
  ms: ({ play: { msPerStep } }) =>
    msPerStep === undefined ? undefined : { value: Math.round(msPerStep), from: 'clock' },
};
