import { formatFixed, formatPercent } from '#lib/base/format.ts';
import type { Description } from '#lib/graph/index.ts';
import { vitSizes } from '#lib/models/vit/graph.ts';
import { fromConfig, fromGraph, fromInput, type Numbers } from '#lib/notebook/numbers.ts';
import { CONFIG, PRESETS, shapesOf } from '#lib/notebook/patch-shapes.ts';
import type { BlockViewModel } from './view-model.svelte.ts';

/** Parameters and multiply-adds of block 0, and of the part of it whose names hold a word. */
export function blockCount({ tensors }: Description, part = ''): { parameters: number; macs: number } {
  const rows = tensors.filter((t) => /^blocks\.0(\.|$)/.test(t.name) && t.name.includes(part));
  return {
    parameters: rows.reduce((n, t) => n + t.parameters, 0),
    macs: rows.reduce((n, t) => n + t.macs, 0),
  };
}

const sizes = (vm: BlockViewModel, p?: string) => vitSizes({ ...CONFIG, patch: p ? Number(p) : vm.p });
/** Block 0 of the published base model. */
const inBase = (part?: string) => {
  const { preset } = PRESETS.b;
  return blockCount(shapesOf(preset, preset.patch).description, part);
};

/** The numbers the prose may name. Every one is a shape, a count of the graph's description, or the reader's choice. */
export const numbers: Numbers<BlockViewModel> = {
  b: (vm) => fromInput(vm.b),
  token: (vm) => fromInput(vm.token, 'T'),
  k: (vm) => fromInput(vm.state.k, 'D'),
  p: (vm) => fromInput(vm.p, 'p'),
  depth: () => fromGraph(CONFIG.depth),
  last: () => fromGraph(CONFIG.depth - 1),
  /** At the present patch size or, as `T@8`, at another. */
  T: (vm, at) => fromGraph(sizes(vm, at).tokens, 'T'),
  N: (vm) => fromGraph(sizes(vm).patches, 'N'),
  D: () => fromGraph(CONFIG.dim, 'D'),
  '3D': () => fromGraph(3 * CONFIG.dim, '3D'),
  d: (vm) => fromGraph(sizes(vm).headDim, 'd'),
  h: () => fromGraph(CONFIG.heads, 'h'),
  M: (vm) => fromGraph(sizes(vm).mlp, 'M'),
  ratio: () => fromGraph(CONFIG.mlpRatio),
  classes: () => fromConfig(CONFIG.classes, 'K'),
  eps: () => fromConfig(CONFIG.normEps.toExponential().replace('e-', 'e−')),
  params: (vm) => fromGraph(blockCount(vm.shapes.description).parameters),
  lnparams: () => fromGraph(2 * CONFIG.dim, 'D'),
  bparams: () => fromGraph(inBase().parameters),
  bmlp: () => fromGraph(formatPercent(inBase('.mlp.').parameters / inBase().parameters)),
  bquad: () => {
    const pairs = inBase('.attn.scores').macs + inBase('.attn.out').macs;
    return fromGraph(`${formatFixed((100 * pairs) / inBase().macs, 1)} %`);
  },
};
