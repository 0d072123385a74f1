import { formatFixed, formatPercent, formatShort, formatValue } from '#lib/base/format.ts';
import { patchGeometry } from '#lib/images/index.ts';
import { fromConfig, fromGraph, fromInput, fromTensor, type Numbers } from '#lib/notebook/numbers.ts';
import { CONFIG, PRESETS, shapesOf, TRAINED } from '#lib/notebook/patch-shapes.ts';
import { SIDE } from '#lib/notebook/classifier-sizes.ts';
import type { Run } from './four-runs.svelte.ts';
import type { TokensViewModel } from './view-model.svelte.ts';

type Of = Numbers<TokensViewModel>[string];
/** At the present patch size or, as `N@8`, at another: `count` patches, `rows` of them a side. */
const at =
  (read: (p: number, count: number, rows: number) => ReturnType<Of>): Of =>
  (vm, other) => {
    const p = other ? Number(other) : vm.p;
    const { count, rows } = patchGeometry(SIDE, p);
    return read(p, count, rows);
  };

/** The position table as timm stores it, and the weights of the embedding, of the published base model. */
const base = () => shapesOf(PRESETS.b.preset, 16).description;
const table = () => base().weights.find((w) => w.name === 'pos_embed');
const embedding = () =>
  base()
    .tensors.filter((t) => ['patch_embed', 'cls_cat', 'tokens'].includes(t.name))
    .reduce((sum, t) => sum + t.parameters, 0);

/** max |Δ| between the final tokens of the shuffled picture and of the one in order. */
const difference = ({ runs }: TokensViewModel, pos: boolean) => {
  const d = runs.difference(pos);
  return fromTensor('norm')(d === undefined ? undefined : formatValue(d, 2));
};
/** What a run gives the likeliest class. */
const chance = ({ runs }: TokensViewModel, run: Run) => {
  const c = runs.chance(run);
  return fromTensor('probs')(c === undefined ? undefined : formatPercent(c));
};
/** How far the chosen head looks in a run. */
const distance = ({ runs }: TokensViewModel, run: Run) => {
  const d = runs.distance(run);
  return fromTensor(runs.attention)(d === undefined ? undefined : formatFixed(d, 1));
};

/**
 * The numbers the prose may name. Shapes and counts come from the graph's description, answers and differences from
 * tensors of the running model.
 */
export const numbers: Numbers<TokensViewModel> = {
  p: at((p) => fromInput(p, 'p')),
  rows: at((_, __, rows) => fromGraph(rows, 'N')),
  N: at((_, count) => fromGraph(count, 'N')),
  T: at((_, count) => fromGraph(count + 1, 'T')),
  P: at((p) => fromGraph(CONFIG.channels * p * p, 'P')),
  D: () => fromGraph(CONFIG.dim, 'D'),
  stored: () => fromGraph(CONFIG.image / CONFIG.patch, 'N'),
  kernel: at((p) => fromGraph(CONFIG.dim * CONFIG.channels * p * p, 'D')),
  products: at((p, count) => fromGraph(count * CONFIG.dim * CONFIG.channels * p * p)),
  n: (vm) => fromInput(vm.pointed, 'N'),
  n1: (vm) => fromInput(vm.pointed + 1, 'T'),
  k: (vm) => fromInput(vm.state.k, 'D'),
  block: (vm) => fromInput(vm.state.block),
  head: (vm) => fromInput(vm.state.head, 'h'),
  trained: () => fromConfig(TRAINED.join(', ')),
  timmrows: () => fromGraph(table()?.shape[1], 'T'),
  timmtable: () => fromGraph(table()?.parameters),
  'b-embed': () => fromGraph(formatShort(embedding())),
  'b-share': () => fromGraph(formatPercent(embedding() / base().parameters)),
  share: ({ embedding: { pca } }) =>
    fromTensor('patch_embed.proj.weight')(
      pca?.variance[0] === undefined ? undefined : formatPercent(pca.variance[0] / pca.total),
    ),
  twice: ({ embedding: { twice } }) => fromTensor('patch_embed')(twice && formatValue(twice.betweenThem, 2)),
  uniform: at((_, count) => fromGraph(`1/${count}`)),
  equal: (vm) => difference(vm, false),
  unequal: (vm) => difference(vm, true),
  chance: (vm) => chance(vm, vm.runs.straight),
  'chance-off': (vm) => chance(vm, vm.runs.find(false, false)),
  distance: (vm) => distance(vm, vm.runs.straight),
  'distance-off': (vm) => distance(vm, vm.runs.find(false, false)),
};
