import { erf } from './erf.ts';

/** Mean and variance of a set of values, in float64. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Divided by n − 1, as `torch.var` does by default; NaN for fewer than two values. */
  readonly variance: number;
}

/** Mean and unbiased variance; `less` is taken from each value first (e.g. what the mean ought to be). */
export function momentsOf(values: ArrayLike<number>, less?: (i: number) => number): Moments {
  const count = values.length;
  const at = (i: number) => values[i]! - (less ? less(i) : 0);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += at(i);
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (at(i) - mean) ** 2;
  return { count, mean, variance: count > 1 ? squares / (count - 1) : NaN };
}

/** Standard errors of mean and variance of n normal values of variance `variance`: √(v/n) and v √(2/(n − 1)). */
export function errorsOf(
  variance: number,
  count: number,
): { readonly mean: number; readonly variance: number } {
  return { mean: Math.sqrt(variance / count), variance: variance * Math.sqrt(2 / (count - 1)) };
}

/** Density of the normal distribution. `deviation` > 0. */
export function normalDensity(x: number, mean = 0, deviation = 1): number {
  const z = (x - mean) / deviation;
  return Math.exp(-0.5 * z * z) / (deviation * Math.sqrt(2 * Math.PI));
}

/** Φ(z), the share of the standard normal distribution below z, to about 1e-8. */
export function normalShare(z: number): number {
  return 0.5 * (1 + erf(z / Math.SQRT2));
}

/**
 * The Kolmogorov–Smirnov distance sup |F_n − Φ| between a set of values and the standard normal distribution: the
 * largest gap between the share of values below x and Φ(x), in [0, 1]. NaN for no values.
 * Source: Kolmogorov 1933; the one-sample statistic D_n.
 */
export function ksToNormal(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  let gap = 0;
  for (let i = 0; i < n; i++) {
    const share = normalShare(sorted[i]!);
    gap = Math.max(gap, share - i / n, (i + 1) / n - share);
  }
  return gap;
}

/** What the KS distance of n true normals stays below 95 times of 100: 1.358/√n, for n of some dozens and more. */
export function ksBound(count: number): number {
  return 1.358 / Math.sqrt(count);
}
