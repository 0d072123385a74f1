import { unitRows } from '#lib/analysis/similarity.ts';

/**
 * Cosines between the features of two texts, token against token: `[rows, cols]` flat.
 * @param a `[L, D]` flat; the first `rows` tokens count
 * @param b `[L, D]` flat; the first `cols` tokens count
 */
export function tokenCosines(
  a: Float32Array,
  b: Float32Array,
  dim: number,
  rows: number,
  cols: number,
): Float32Array {
  const [left, right] = [unitRows(a, dim), unitRows(b, dim)];
  return Float32Array.from({ length: rows * cols }, (_, i) => {
    const [r, c] = [Math.floor(i / cols), i % cols];
    let dot = 0;
    for (let k = 0; k < dim; k++) dot += left[r * dim + k]! * right[c * dim + k]!;
    // Rounding may take the cosine of equal rows a last digit past 1.
    return Math.max(-1, Math.min(1, dot));
  });
}
