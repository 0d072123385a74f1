import { winner } from '#lib/analysis/lens.ts';
import { layersToSee, receptiveField, stackOf3x3 } from '#lib/analysis/receptive.ts';
import { formatFixed, formatPercent, formatShort } from '#lib/base/format.ts';
import { fromConfig, fromGraph, fromInput, fromTensor, type Numbers } from '#lib/notebook/numbers.ts';
import { CONFIG } from '#lib/notebook/patch-shapes.ts';
import { SIDE } from '#lib/notebook/classifier-sizes.ts';
import { PUBLISHED, sizeRow, type PublishedId } from './builder.ts';
import { cnnGraph, levelOf, middleField } from './pyramid.ts';
import { BERT, DETR } from './relatives.ts';
import type { AnswerViewModel } from './view-model.svelte.ts';

const { depth, dim, classes } = CONFIG;
const patches = (vm: AnswerViewModel) => vm.seen.geometry.count;
/** A published size; the base model where the prose names none. */
const size = (id: string) => sizeRow(PUBLISHED[(id || 'b') as PublishedId].config);

const best = (vm: AnswerViewModel, lang: 'en' | 'zh') =>
  fromTensor('logits')(vm.best === undefined ? undefined : vm.label(vm.best, lang));

/** The class that the lens on CLS names at a depth. */
function lens(vm: AnswerViewModel, at: string, lang: 'en' | 'zh') {
  const d = Math.min(depth, Number(at));
  const { clsLens } = vm;
  const k = clsLens && winner(clsLens.probs, d * classes, classes);
  return fromTensor(vm.streams[d]!)(k === undefined ? undefined : vm.label(k, lang));
}

/** The first depth from which the lens on CLS names the final answer and never another. */
function decided(vm: AnswerViewModel) {
  const { clsLens } = vm;
  if (!clsLens || vm.best === undefined) return undefined;
  let d = depth;
  while (d > 0 && winner(clsLens.probs, (d - 1) * classes, classes) === vm.best) d--;
  return fromTensor(vm.streams[d]!)(d);
}

/** The numbers the prose may name: shapes and counts of graphs, tensors of the running model, published constants. */
export const numbers: Numbers<AnswerViewModel> = {
  T: (vm) => fromGraph(patches(vm) + 1, 'T'),
  unread: (vm) => fromGraph(patches(vm), 'N'),
  N: (vm) => fromGraph(patches(vm), 'N'),
  D: () => fromGraph(dim, 'D'),
  K: () => fromConfig(classes, 'K'),
  depth: () => fromGraph(depth),
  branches: () => fromGraph(2 * depth),
  lastblock: () => fromGraph(depth - 1),
  p: (vm) => fromInput(vm.p, 'p'),
  d: (vm) => fromInput(vm.state.d),
  best: (vm) => best(vm, 'en'),
  bestzh: (vm) => best(vm, 'zh'),
  chance: (vm) => {
    const probs = vm.live.tensors.get('probs');
    return fromTensor('probs')(
      probs && vm.best !== undefined ? formatPercent(probs.data[vm.best]!) : undefined,
    );
  },
  decided,
  lens: (vm, at) => lens(vm, at, 'en'),
  lenszh: (vm, at) => lens(vm, at, 'zh'),
  headshare: (_, at) => {
    const { config: c, parameters } = size(at);
    return fromGraph(`${formatFixed((100 * (c.classes * c.dim + c.classes)) / parameters, 1)} %`);
  },
  parameters: (_, at) => fromGraph(formatShort(size(at).parameters)),
  gmacs: (_, at) => fromGraph(formatFixed(size(at).macs / 1e9, 1)),
  // Chinese counts in 10⁸.
  yimacs: (_, at) => fromGraph(formatFixed(size(at).macs / 1e8, 0)),
  yiparameters: (_, at) => fromGraph(formatFixed(size(at).parameters / 1e8, 2)),
  share: (_, at) => {
    const { config: c, tokens, macs } = size(at);
    return fromGraph(`${formatFixed((100 * c.depth * 2 * tokens * tokens * c.dim) / macs, 0)} %`);
  },
  field: (vm) => fromGraph(receptiveField(stackOf3x3(vm.state.n, Number(vm.state.half))), 'H'),
  n: (vm) => fromInput(vm.state.n),
  layers: (_, at) => fromGraph(layersToSee(SIDE, Number(at))),
  side: () => fromGraph(SIDE, 'H'),
  cnnside: (_, at) => fromGraph(levelOf(cnnGraph(), at).side, 'H'),
  cnnchannels: (_, at) => fromGraph(levelOf(cnnGraph(), at).channels, 'D'),
  cnnfield: (_, at) => fromGraph(middleField(cnnGraph(), at), 'H'),
  grid: (vm) => fromGraph(vm.seen.geometry.rows, 'N'),
  bert: (_, at) => {
    const value = BERT[(at || 'positions') as keyof typeof BERT];
    return { value: value < 1 ? `${100 * value} %` : value, from: 'cite:arXiv 1810.04805' };
  },
  detr: (_, at) => {
    const value = DETR[(at || 'tokens') as Exclude<keyof typeof DETR, 'grid'>];
    return { value, from: 'cite:arXiv 2005.12872' };
  },
};
