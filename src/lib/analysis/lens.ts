/**
 * Reading a token out: final LayerNorm, head, softmax, applied to any row of the residual stream. The logit lens
 * (nostalgebraist 2020) applies it to rows of earlier depths; direct logit attribution (Elhage et al. 2021) splits the
 * last row into what each branch added and reads every part with the LayerNorm's live scale. Flat, row-major arrays;
 * sums are in double precision.
 */

import { softmaxInto } from './softmax.ts';

/** The weights that read a token out: `gamma`, `beta` `[D]`, `weight` `[K, D]`, `bias` `[K]`, ε of the LayerNorm. */
export interface ReadoutWeights {
  readonly gamma: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  readonly eps: number;
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

/** Mean of `row[at … at + D)` and its scale √(variance + ε), the variance over D as in LayerNorm. */
export function moments(
  row: ArrayLike<number>,
  D: number,
  eps: number,
  at = 0,
): { readonly mean: number; readonly scale: number } {
  let mean = 0;
  for (let i = 0; i < D; i++) mean += row[at + i]!;
  mean /= D;
  let variance = 0;
  for (let i = 0; i < D; i++) variance += (row[at + i]! - mean) ** 2;
  return { mean, scale: Math.sqrt(variance / D + eps) };
}

/** LayerNorm of one row (Ba, Kiros, Hinton 2016): γ · (x − mean) / √(variance + ε) + β. */
export function layerNorm(
  row: ArrayLike<number>,
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
  eps: number,
  at = 0,
): Float64Array {
  const D = gamma.length;
  const { mean, scale } = moments(row, D, eps, at);
  const out = new Float64Array(D);
  for (let i = 0; i < D; i++) out[i] = (gamma[i]! * (row[at + i]! - mean)) / scale + beta[i]!;
  return out;
}

/** `W x + b` for one row: `weight` `[K, D]`, `bias` `[K]`. */
export function linear(
  row: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float64Array {
  const D = row.length;
  return Float64Array.from({ length: bias.length }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < D; i++) sum += weight[k * D + i]! * row[i]!;
    return sum + bias[k]!;
  });
}

/** Place of the largest value of `row[at … at + count)`, counted from `at`; the first of equals. */
export function winner(row: ArrayLike<number>, at = 0, count = row.length): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (row[at + k]! > row[at + best]!) best = k;
  return best;
}

/** LayerNorm and head as one affine map of the normalised row: z = F x̂ + c, F = W·diag γ, c = W β + b. */
export class Readout {
  readonly D: number;
  readonly K: number;
  readonly eps: number;
  /** F, `[K, D]`. */
  readonly folded: Float64Array;
  /** c, `[K]`: what every row gets, whatever it holds. */
  readonly constant: Float64Array;

  /** @throws RangeError when the shapes do not fit. */
  constructor({ gamma, beta, eps, weight, bias }: ReadoutWeights) {
    const D = (this.D = gamma.length);
    const K = (this.K = bias.length);
    if (beta.length !== D || weight.length !== K * D)
      throw new RangeError(
        `a head of ${weight.length} weights does not read ${D} features into ${K} classes`,
      );
    this.eps = eps;
    this.folded = new Float64Array(K * D);
    this.constant = new Float64Array(K);
    for (let k = 0; k < K; k++) {
      let c = bias[k]!;
      for (let i = 0; i < D; i++) {
        this.folded[k * D + i] = weight[k * D + i]! * gamma[i]!;
        c += weight[k * D + i]! * beta[i]!;
      }
      this.constant[k] = c;
    }
  }

  /** Logits `[K]` of the row that begins at `at`, into `out[to …)`. K·D multiply-adds. */
  readInto(out: { [index: number]: number }, to: number, stream: ArrayLike<number>, at: number): void {
    const { D, K } = this;
    const { mean, scale } = moments(stream, D, this.eps, at);
    const row = new Float64Array(D);
    for (let i = 0; i < D; i++) row[i] = (stream[at + i]! - mean) / scale;
    for (let k = 0; k < K; k++) {
      let sum = this.constant[k]!;
      const from = k * D;
      for (let i = 0; i < D; i++) sum += this.folded[from + i]! * row[i]!;
      out[to + k] = sum;
    }
  }

  /** Logits `[K]` of token `t` of a stream `[T, D]`. */
  logits(stream: ArrayLike<number>, t = 0): Float64Array {
    const out = new Float64Array(this.K);
    this.readInto(out, 0, stream, t * this.D);
    return out;
  }

  /** Probabilities of tokens `from … to` of a stream `[T, D]` into their rows of `out` `[T, K]`. */
  probsInto(out: Float32Array, stream: ArrayLike<number>, from: number, to: number): void {
    const { D, K } = this;
    const row = new Float64Array(K);
    for (let t = from; t < to; t++) {
      this.readInto(row, 0, stream, t * D);
      softmaxInto(out, t * K, row, 0, K);
    }
  }

  /**
   * What each part of a row wrote into the logits. The row is the sum of the parts; LayerNorm subtracts the mean, which
   * is linear, and divides by a scale, which is kept at the row's own: z_k = Σ_j F_k · (part_j − mean part_j) / scale
   * + c_k, exactly.
   * @param parts rows `[D]`, whose sum is the row
   * @param scale √(variance + ε) of the row, see `moments`
   * @returns `[parts, K]`
   */
  contributions(parts: readonly ArrayLike<number>[], scale: number): Float64Array {
    const { D, K } = this;
    const out = new Float64Array(parts.length * K);
    const row = new Float64Array(D);
    parts.forEach((part, j) => {
      const { mean } = moments(part, D, 0);
      for (let i = 0; i < D; i++) row[i] = (part[i]! - mean) / scale;
      for (let k = 0; k < K; k++) {
        let sum = 0;
        for (let i = 0; i < D; i++) sum += this.folded[k * D + i]! * row[i]!;
        out[j * K + k] = sum;
      }
    });
    return out;
  }
}
