import { moments } from '#lib/analysis/residual.ts';

/** One LayerNorm, step by step, of one token. */
export interface NormSteps {
  readonly mean: number;
  /** Biased: divided by D. */
  readonly variance: number;
  /** √(variance + ε) */
  readonly divisor: number;
  /** (x − mean) / divisor, `[D]`. */
  readonly normal: Float32Array;
  /** normal · γ + β, `[D]`. */
  readonly result: Float32Array;
}

/**
 * LayerNorm of one row (Ba, Kiros, Hinton 2016, eq. 4 over the features of a token), in double precision.
 * Throws RangeError when x, γ and β differ in length.
 */
export function normSteps(
  x: ArrayLike<number>,
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
  eps: number,
): NormSteps {
  if (gamma.length !== x.length || beta.length !== x.length) {
    throw new RangeError(`${x.length} values, ${gamma.length} scales and ${beta.length} shifts do not fit.`);
  }
  const { mean, variance } = moments(x);
  const divisor = Math.sqrt(variance + eps);
  const normal = Float32Array.from(x, (v) => (v - mean) / divisor);
  const result = Float32Array.from(x, (v, i) => ((v - mean) / divisor) * gamma[i]! + beta[i]!);
  return { mean, variance, divisor, normal, result };
}

/** GELU, x · Φ(x), with erf by its series and continued fraction; exact to 1e-12. */
export function geluOf(x: number): number {
  return x * normalBelow(x);
}

/** Φ(x): the share of a standard normal distribution below x. */
export function normalBelow(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  // erf z = 2/√π · e^(−z²) · Σ 2ⁿ z^(2n+1) / (2n+1)!!, which has no cancellation.
  let term = z;
  let sum = z;
  for (let n = 1; n < 400 && term > 1e-17 * sum; n++) {
    term *= (2 * z * z) / (2 * n + 1);
    sum += term;
  }
  const erf = z > 6 ? 1 : Math.min(1, (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum);
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

/** The inputs at which GELU passes −`most`, −`most` again and `most`, ascending; `most` below 0.16. */
export function quietInputs(most: number): readonly [number, number, number] {
  const solve = (from: number, to: number, level: number) => {
    let [a, b] = [from, to];
    for (let i = 0; i < 60; i++) {
      const m = (a + b) / 2;
      if (geluOf(a) < level === geluOf(m) < level) a = m;
      else b = m;
    }
    return (a + b) / 2;
  };
  // GELU falls until about −0.7518 and rises from there on.
  return [solve(-8, -0.7518, -most), solve(-0.7518, 0, -most), solve(0, 8, most)];
}
