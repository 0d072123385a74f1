import { PARTS, type Part } from './state.ts';

/** The letters of the paper's figures: β shift, γ scale, α gate. */
export const SYMBOL: Readonly<Record<Part, string>> = {
  shift_msa: 'β₁',
  scale_msa: 'γ₁',
  gate_msa: 'α₁',
  shift_mlp: 'β₂',
  scale_mlp: 'γ₂',
  gate_mlp: 'α₂',
};
/** A gate or factor below this counts as closed. */
export const SMALL = 0.05;

/** One part over times: `[times, D]`. @param all `[times, 6D]` */
export function partOf(all: ArrayLike<number>, times: number, part: Part): Float32Array {
  const width = all.length / times;
  const dim = width / PARTS.length;
  const from = PARTS.indexOf(part) * dim;
  const out = new Float32Array(times * dim);
  for (let t = 0; t < times; t++)
    for (let d = 0; d < dim; d++) out[t * dim + d] = all[t * width + from + d] ?? NaN;
  return out;
}

/** Share of values whose magnitude is below `limit`. */
export function shareBelow(values: ArrayLike<number>, limit: number, from = 0, to = values.length): number {
  let count = 0;
  for (let i = from; i < to; i++) if (Math.abs(values[i]!) < limit) count++;
  return count / Math.max(1, to - from);
}

/** `count` times from the noisiest, 1, to the cleanest, `last`. */
export function evenTimes(count: number, last = 0.001): number[] {
  return Array.from({ length: count }, (_, i) => 1 - ((1 - last) * i) / (count - 1));
}

/** The values of one token's row of attention on the patches, averaged over heads: `[N]`. @param probs `[h, T, T]` */
export function lookOf(
  probs: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  query: number,
  prefix: number,
): Float32Array {
  const [heads = 1, tokens = 1] = probs.shape;
  const out = new Float32Array(tokens - prefix);
  for (let h = 0; h < heads; h++)
    for (let n = 0; n < out.length; n++)
      out[n]! += probs.data[(h * tokens + prefix + query) * tokens + prefix + n]! / heads;
  return out;
}

/** Share that patch queries give to one token, the mean over heads and patches. @param probs `[h, T, T]` */
export function shareOf(
  probs: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  token: number,
  prefix: number,
): number {
  const [heads = 1, tokens = 1] = probs.shape;
  let sum = 0;
  for (let h = 0; h < heads; h++)
    for (let q = prefix; q < tokens; q++) sum += probs.data[(h * tokens + q) * tokens + token]!;
  return sum / (heads * (tokens - prefix));
}
