import {
  crossing,
  process,
  inSteps,
  schedule,
  snr,
  type Schedule,
  type VariancePreserving,
} from '#lib/diffusion/math/index.ts';
import { STEPS, TABLES, type Rule, type TableName } from './state.ts';

/** A schedule of T steps with the process it belongs to. */
export interface NoiseTable extends Schedule {
  readonly name: TableName;
  readonly process: VariancePreserving;
  /** First index at which there is at least as much noise as picture (SNR ≤ 1). */
  readonly half: number;
}

function make(name: TableName): NoiseTable {
  const p = process(name, STEPS) as VariancePreserving;
  const table = name === 'vp' ? inSteps(p, STEPS) : schedule(name, STEPS);
  return { ...table, name, process: p, half: crossing(table) };
}

/** Where the constants of each schedule were published. */
export const SOURCES: Readonly<Record<TableName, string>> = {
  linear: 'cite:Ho et al. 2020, section 4',
  cosine: 'cite:Nichol & Dhariwal 2021, equation 17',
  vp: 'cite:Song et al. 2021, equations 32 and 33',
  'scaled-linear': 'cite:Rombach et al. 2022, released configuration',
};

const made = new Map<TableName, NoiseTable>();
/** The named schedule; made once. */
export function tableOf(name: TableName): NoiseTable {
  const known = made.get(name) ?? make(name);
  made.set(name, known);
  return known;
}
export const tables = (): readonly NoiseTable[] => TABLES.map(tableOf);

/** 10 log₁₀ SNR of a signal power ᾱ. */
export const decibels = (alphaBar: number): number => 10 * Math.log10(snr(alphaBar));

/**
 * Weights of picture and noise in x_t. `unrooted` and `unfaded` are mistakes, to be looked at.
 * @returns `[of x0, of ε]`
 */
export function weightsOf(rule: Rule, alphaBar: number): readonly [signal: number, noise: number] {
  if (rule === 'unrooted') return [alphaBar, 1 - alphaBar];
  return [rule === 'unfaded' ? 1 : Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
}

/** The indices of a film strip of `count` frames, first and last included. */
export function framesOf(count: number, steps = STEPS): readonly number[] {
  return Array.from({ length: count }, (_, k) => Math.round((k * (steps - 1)) / (count - 1)));
}

/** StepPlayer time of index n: (n + 1)/T; index −1 is the clean picture. */
export const timeOf = (n: number): number => (n + 1) / STEPS;
