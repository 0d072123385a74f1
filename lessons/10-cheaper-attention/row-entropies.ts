import { entropy } from '#lib/analysis/attention.ts';

/** Entropy in bits of every token's row of one head, from `probs` `[h, N, N]`. `[N]`. */
export function entropiesOfProbs(probs: Float32Array, tokens: number, head: number): Float32Array {
  return Float32Array.from({ length: tokens }, (_, i) => {
    const at = (head * tokens + i) * tokens;
    return entropy(probs, at, at + tokens);
  });
}
