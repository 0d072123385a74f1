import { entropy, rowDistance } from '#lib/analysis/attention.ts';
import { formatFixed, formatPercent, formatShort, formatValue } from '#lib/base/format.ts';
import { fromGraph, fromInput, fromTensor, type Numbers } from '#lib/notebook/numbers.ts';
import { CONFIG, PRESETS } from '#lib/notebook/patch-shapes.ts';
import { crossing, pairShare, tokensAt } from './pair-cost.ts';
import type { AttentionViewModel } from './view-model.svelte.ts';

type Of = Numbers<AttentionViewModel>[string];
/** At the present patch size or, as `T@8`, at another: `T` tokens. */
const at =
  (read: (T: number, p: number) => ReturnType<Of>): Of =>
  (vm, other) => {
    const p = other ? Number(other) : vm.p;
    return read(tokensAt(CONFIG, p), p);
  };
/** A number of the row that is looked at. */
const ofRow =
  (read: (row: Float32Array, vm: AttentionViewModel) => string | undefined): Of =>
  (vm) => {
    const { l, h } = vm.state;
    const row = vm.row(l, h);
    return fromTensor(`blocks.${l}.attn.probs`)(row && read(row, vm));
  };

const { depth, heads, dim } = CONFIG;
const d = dim / heads;

/** The numbers the prose may name: shapes and counts of the graph, choices of the reader, and a few of the row on screen. */
export const numbers: Numbers<AttentionViewModel> = {
  p: at((_, p) => fromInput(p, 'p')),
  T: at((T) => fromGraph(T, 'T')),
  N: at((T) => fromGraph(T - 1, 'N')),
  pairs: at((T) => fromGraph(T * T, 'T')),
  heads: () => fromGraph(heads, 'h'),
  depth: () => fromGraph(depth),
  maps: () => fromGraph(depth * heads, 'h'),
  table: at((T) => fromGraph(`${heads}×${T}×${T}`, 'T')),
  mixed: at((T) => fromGraph(`${heads}×${T}×${d}`, 'T')),
  d: () => fromGraph(d, 'd'),
  D: () => fromGraph(dim, 'D'),
  root: () => fromGraph(formatValue(Math.sqrt(d))),
  all: at((T) => fromGraph(depth * heads * T * T)),
  bits: at((T) => fromGraph(formatFixed(Math.log2(T), 2))),
  bytes: at((T) => fromGraph(`${formatShort(4 * depth * heads * T * T)}B`)),
  cross: () => fromGraph(crossing(CONFIG), 'T'),
  crossb: () => fromGraph(crossing(PRESETS.b.preset), 'T'),
  share: at((_, p) => fromGraph(formatPercent(pairShare(CONFIG, p)))),
  shareb: at((_, p) => fromGraph(formatPercent(pairShare(PRESETS.b.preset, p)))),
  layer: (vm) => fromInput(vm.state.l),
  head: (vm) => fromInput(vm.state.h, 'h'),
  oncls: ofRow((row) => formatPercent(row[0]!)),
  onself: ofRow((row, { query }) => formatPercent(row[query]!)),
  entropy: ofRow((row) => formatFixed(entropy(row), 2)),
  reach: ofRow((row, { query, place, shownPatch }) =>
    query < place.prefix
      ? undefined
      : formatFixed(rowDistance(row, query - place.prefix, place) * shownPatch, 0),
  ),
};
