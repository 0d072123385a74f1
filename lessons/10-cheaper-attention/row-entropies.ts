import { entropy } from '#lib/analysis/attention.ts';
import { linearRow } from './weight-rows.ts';

/** Entropy in bits of every token's row of one head, from `probs` `[h, N, N]`. `[N]`. */
export function entropiesOfProbs(probs: Float32Array, tokens: number, head: number): Float32Array {
  return Float32Array.from({ length: tokens }, (_, i) => {
    const at = (head * tokens + i) * tokens;
    return entropy(probs, at, at + tokens);
  });
}

/** The same from `probs` `[h, w, n, n]` within windows: one number for each place of each window. `[w · n]`. */
export function entropiesOfWindows(
  probs: Float32Array,
  windows: number,
  n: number,
  head: number,
): Float32Array {
  return Float32Array.from({ length: windows * n }, (_, i) => {
    const at = (head * windows * n + i) * n;
    return entropy(probs, at, at + n);
  });
}

/** The same of ReLU linear attention, whose rows are made one after another for this. `[N]`. */
export function entropiesOfLinear(
  q: Float32Array,
  k: Float32Array,
  normaliser: Float32Array,
  { heads, tokens, head }: { heads: number; tokens: number; head: number },
): Float32Array {
  return Float32Array.from({ length: tokens }, (_, token) =>
    entropy(linearRow(q, k, normaliser, { heads, tokens, head, token })),
  );
}
