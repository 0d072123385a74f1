import { formatCount, formatFixed, formatPercent, formatValue } from '#lib/base/format.ts';
import { momentsOf } from '#lib/analysis/gaussian.ts';
import { fromInput, type Numbers, type ProseNumber } from '#lib/notebook/numbers.ts';
import { decibels, SOURCES, tableOf, type NoiseTable } from './schedules.ts';
import { FULL, SIDE, STEPS, TABLES } from './state.ts';
import type { NoiseViewModel } from './view-model.svelte.ts';
import { WALKERS } from './walkers.ts';

type Of = Numbers<NoiseViewModel>[string];

/** The schedule and the index that a part after `@` picks, else those on the stage. */
function placeOf(vm: NoiseViewModel, at: string): { readonly table: NoiseTable; readonly t: number } {
  const parts = at.split('.');
  const name = TABLES.find((n) => parts.includes(n));
  const index = parts.find((part) => /^\d+$/.test(part));
  return { table: name ? tableOf(name) : vm.table, t: index === undefined ? vm.t : Number(index) };
}

/** A number of a published schedule at an index. */
const cited =
  (read: (table: NoiseTable, t: number) => number | string, dim?: string): Of =>
  (vm, at): ProseNumber => {
    const { table, t } = placeOf(vm, at);
    return { value: read(table, t), from: SOURCES[table.name], ...(dim && { dim }) };
  };
/** A number of the signal power ᾱ that a schedule has left at an index. */
const ofPower = (read: (bar: number) => string): Of => cited((table, t) => read(table.alphasCumprod[t]!));
const mean = (x0: Float32Array | undefined, scale: number, digits: number) =>
  x0 && formatFixed(scale * momentsOf(x0).mean, digits);

/**
 * The numbers the prose may name. A part after `@` picks another schedule or index: `abar@cosine`, `abar@499`,
 * `abar@cosine.499`.
 */
export const numbers: Numbers<NoiseViewModel> = {
  t: (vm, at) => fromInput(placeOf(vm, at).t, 't'),
  T: () => fromInput(STEPS, 't'),
  last: () => fromInput(STEPS - 1, 't'),
  side: () => fromInput(SIDE, 'p'),
  full: () => fromInput(FULL, 'p'),
  values: () => fromInput(3 * SIDE * SIDE, 'p'),
  fullvalues: () => fromInput(3 * FULL * FULL, 'p'),
  walkers: () => fromInput(WALKERS),
  seed: (vm) => fromInput(vm.state.seed),
  first: cited((table) => formatValue(table.betas[0]!, 3)),
  beta: cited((table, t) => formatValue(table.betas[t]!, 3)),
  half: cited((table) => table.half, 't'),
  abar: ofPower((bar) => formatValue(bar, 3)),
  signal: ofPower((bar) => formatValue(Math.sqrt(bar), 3)),
  noise: ofPower((bar) => formatValue(Math.sqrt(1 - bar), 3)),
  variance: ofPower((bar) => formatValue(1 - bar, 3)),
  db: ofPower((bar) => `${formatFixed(decibels(bar), 1)} dB`),
  left: ofPower((bar) => formatPercent(Math.sqrt(bar))),
  span: ofPower((bar) => formatCount(Math.round(1 / bar))),
  mean: (vm) => fromInput(mean(vm.x0, 1, 3)),
  shift: (vm, at) => {
    const { table, t } = placeOf(vm, at);
    return fromInput(mean(vm.x0, Math.sqrt(table.alphasCumprod[t]!), 4));
  },
  chaindelta: (vm) => {
    const { link, folded } = vm;
    if (!link || !folded) return undefined;
    const most = folded.reduce((a, v, i) => Math.max(a, Math.abs(link.x[i]! - v)), 0);
    return fromInput(formatValue(most, 3));
  },
};
