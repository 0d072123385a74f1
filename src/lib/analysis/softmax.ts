/** exp(z − max z), scaled to sum 1: `out[to … to + K)` from `logits[at … at + K)`. */
export function softmaxInto(
  out: { [index: number]: number },
  to: number,
  logits: ArrayLike<number>,
  at: number,
  K: number,
): void {
  let most = -Infinity;
  for (let k = 0; k < K; k++) most = Math.max(most, logits[at + k]!);
  let sum = 0;
  for (let k = 0; k < K; k++) sum += out[to + k] = Math.exp(logits[at + k]! - most);
  for (let k = 0; k < K; k++) out[to + k]! /= sum;
}

/** Softmax of one row. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const out = new Float64Array(logits.length);
  softmaxInto(out, 0, logits, 0, logits.length);
  return out;
}
