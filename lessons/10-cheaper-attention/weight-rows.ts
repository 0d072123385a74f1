import { entropy } from '#lib/analysis/attention.ts';
import { mostActive } from '#lib/models/swin/kept.ts';
import { placeOf, tokenOf, type WindowCut } from './kinds.ts';

/**
 * Weights that tokens give one another, whichever way they look. Arrays are flat and row-major as they come from the
 * model; a row has N numbers, one for each token of the grid in reading order, 0 where it is not looked at.
 */

/** The row of a token in `probs` `[h, N, N]`: over all tokens. */
export function globalRow(probs: Float32Array, tokens: number, head: number, token: number): Float32Array {
  const at = (head * tokens + token) * tokens;
  return probs.slice(at, at + tokens);
}

/** The row of a token in `probs` `[h, w, n, n]`, n = M²: within its window, spread over the grid. */
export function windowRow(probs: Float32Array, cut: WindowCut, head: number, token: number): Float32Array {
  const n = cut.window ** 2;
  const windows = (cut.grid / cut.window) ** 2;
  const { window, at } = placeOf(token, cut);
  const from = ((head * windows + window) * n + at) * n;
  const row = new Float32Array(cut.grid ** 2);
  for (let j = 0; j < n; j++) row[tokenOf(window, j, cut)] = probs[from + j]!;
  return row;
}

/**
 * The row of a token under ReLU linear attention, φ(qᵢ)·φ(kⱼ) / Zᵢ with φ = ReLU. Never made by the model, which
 * multiplies keys and values first: made here for the eye.
 * @param q `[h, N, d]` @param k `[h, N, d]`
 * @param normaliser `[h, N, 1]`: Z
 */
export function linearRow(
  q: Float32Array,
  k: Float32Array,
  normaliser: Float32Array,
  { heads, tokens, head, token }: { heads: number; tokens: number; head: number; token: number },
): Float32Array {
  const d = q.length / heads / tokens;
  const row = new Float32Array(tokens);
  const query = (head * tokens + token) * d;
  const Z = normaliser[head * tokens + token]!;
  for (let j = 0; j < tokens; j++) {
    let sum = 0;
    const key = (head * tokens + j) * d;
    for (let c = 0; c < d; c++) sum += Math.max(q[query + c]!, 0) * Math.max(k[key + c]!, 0);
    row[j] = sum / Z;
  }
  return row;
}

/** Entropy in bits of a row and its largest weight: how sharply a token looks. */
export function sharpness(row: Float32Array): { bits: number; largest: number } {
  return { bits: entropy(row), largest: row.reduce((a, b) => Math.max(a, b), 0) };
}

/**
 * How far the outputs of one head lie from those of another way to look: |o − o′| / |o′| for every token, `[N]`, with
 * the lengths of vectors of d numbers; and over all tokens together.
 * @param out `[h, N, d]` @param reference `[h, N, d]`
 */
export function errorsOf(
  out: Float32Array,
  reference: Float32Array,
  { heads, tokens, head }: { heads: number; tokens: number; head: number },
): { each: Float32Array; all: number } {
  const d = out.length / heads / tokens;
  const each = new Float32Array(tokens);
  let [apart, length] = [0, 0];
  for (let i = 0; i < tokens; i++) {
    let [a, b] = [0, 0];
    const at = (head * tokens + i) * d;
    for (let c = 0; c < d; c++) {
      a += (out[at + c]! - reference[at + c]!) ** 2;
      b += reference[at + c]! ** 2;
    }
    each[i] = Math.sqrt(a / b);
    apart += a;
    length += b;
  }
  return { each, all: Math.sqrt(apart / length) };
}

/**
 * How active each window is: the L2 norm over its tokens of the mean of |x| over the channels (Chen et al. 2023,
 * SparseViT, section 3.1). `[w]`.
 * @param x `[N, D]`, what the block is fed
 */
export function windowNorms(x: Float32Array, cut: WindowCut): Float32Array {
  const tokens = cut.grid ** 2;
  const width = x.length / tokens;
  const sums = new Float32Array((cut.grid / cut.window) ** 2);
  for (let i = 0; i < tokens; i++) {
    let mean = 0;
    for (let c = 0; c < width; c++) mean += Math.abs(x[i * width + c]!);
    sums[placeOf(i, cut).window]! += (mean / width) ** 2;
  }
  return sums.map(Math.sqrt);
}

/** Windows that are left out at a ratio: the ⌊ratio · w⌋ least active ones, as a mask `[w]`, true where one is kept. */
export function keptWindows(norms: Float32Array, ratio: number): readonly boolean[] {
  const kept = new Set(mostActive(norms, norms.length - Math.floor(ratio * norms.length)));
  return Array.from(norms, (_, w) => kept.has(w));
}
