/**
 * The fixed 2-D sine and cosine position table, `[rows · cols, dim]` row-major (MAE, DiT). The first half of a
 * row encodes the column, the second the row; each half is [sin(pos · ω), cos(pos · ω)] with
 * ω_k = 10000^(−k / (dim/4)), k = 0 … dim/4 − 1. `dim` must be divisible by 4.
 */
export function sincos2d(rows: number, cols: number, dim: number): Float32Array {
  const quarter = dim / 4;
  const table = new Float32Array(rows * cols * dim);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const at = (row * cols + col) * dim;
      for (let k = 0; k < quarter; k++) {
        const omega = 10000 ** (-k / quarter);
        table[at + k] = Math.sin(col * omega);
        table[at + quarter + k] = Math.cos(col * omega);
        table[at + 2 * quarter + k] = Math.sin(row * omega);
        table[at + 3 * quarter + k] = Math.cos(row * omega);
      }
    }
  }
  return table;
}
