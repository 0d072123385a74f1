/**
 * The fixed 2-D sine and cosine position table, `[rows · cols, dim]` row-major (MAE, DiT). The first half of a
 * row encodes the column, the second the row; each half is [sin(pos · ω), cos(pos · ω)] with
 * ω_k = 10000^(−k / (dim/4)), k = 0 … dim/4 − 1. `dim` must be divisible by 4.
 */
export function sincos2d(rows: number, cols: number, dim: number): Float32Array {
  const half = dim / 2;
  const table = new Float32Array(rows * cols * dim);
  // A row of the table is two halves that many others share: each is computed once.
  const halves = Array.from({ length: Math.max(rows, cols) }, (_, at) => sincos(at, half));
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const at = (row * cols + col) * dim;
      table.set(halves[col]!, at);
      table.set(halves[row]!, at + half);
    }
  }
  return table;
}

/** [sin(pos · ω), cos(pos · ω)], `size` values. */
function sincos(pos: number, size: number): Float32Array {
  const quarter = size / 2;
  const values = new Float32Array(size);
  for (let k = 0; k < quarter; k++) {
    const omega = 10000 ** (-k / quarter);
    values[k] = Math.sin(pos * omega);
    values[quarter + k] = Math.cos(pos * omega);
  }
  return values;
}
