import { frequencies } from '#lib/models/shared/time.ts';

/**
 * The time embedding by its formula, cosines first: e(τ) = [cos(τ f), sin(τ f)], f_i = 10000^(−2i/D)
 * (Bao et al. 2023; Vaswani et al. 2017, section 3.5). Angles in double precision, frequencies as the network has them.
 * @param time the network's time τ
 * @returns `[D]`
 */
export function embedTime(time: number, dim: number): Float32Array {
  const f = frequencies(dim);
  const out = new Float32Array(dim);
  f.forEach((rate, i) => {
    out[i] = Math.cos(time * rate);
    out[dim / 2 + i] = Math.sin(time * rate);
  });
  return out;
}

/** Rows for evenly spaced times from the noisiest to the cleanest, `[rows, D]` flat. @param most network time at t = 1 */
export function clockTable(rows: number, dim: number, most: number): Float32Array {
  const out = new Float32Array(rows * dim);
  for (let r = 0; r < rows; r++) out.set(embedTime(most * (1 - r / (rows - 1)), dim), r * dim);
  return out;
}

/**
 * Cosine of the angle between the embeddings of two times: (2/D) Σ cos((τ − τ′) f_i). It depends on their distance
 * alone, since every row has the length √(D/2).
 */
export function alike(a: number, b: number, dim: number): number {
  const f = frequencies(dim);
  let sum = 0;
  for (const rate of f) sum += Math.cos((a - b) * rate);
  return sum / f.length;
}

/** Network times that the wave of feature i goes round once in, 2π / f_i. */
export function period(index: number, dim: number): number {
  return (2 * Math.PI) / frequencies(dim)[index % (dim / 2)]!;
}
