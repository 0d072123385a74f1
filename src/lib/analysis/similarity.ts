/** Rows of a table `[n, width]` scaled to length 1; a row of zeros stays. */
export function unitRows(table: ArrayLike<number>, width: number): Float32Array {
  const out = Float32Array.from(table);
  for (let at = 0; at < out.length; at += width) {
    let squares = 0;
    for (let i = at; i < at + width; i++) squares += out[i]! ** 2;
    const length = Math.sqrt(squares);
    if (length > 0) for (let i = at; i < at + width; i++) out[i]! /= length;
  }
  return out;
}

/**
 * Cosines between one row and all rows of a table of unit rows (see {@link unitRows}), −1 … 1 → `[n]`.
 * @param unit `[n, width]`
 * @param index the row that is compared
 */
export function similarityRow(unit: Float32Array, width: number, index: number): Float32Array {
  const n = unit.length / width;
  const out = new Float32Array(n);
  for (let r = 0; r < n; r++) {
    let dot = 0;
    for (let i = 0; i < width; i++) dot += unit[index * width + i]! * unit[r * width + i]!;
    // Rounding may take a row's cosine with itself a last digit past 1.
    out[r] = Math.max(-1, Math.min(1, dot));
  }
  return out;
}

/** One column of a table `[n, width]`, e.g. one feature of all positions → `[n]`. */
export function column(table: ArrayLike<number>, width: number, k: number): Float32Array {
  return Float32Array.from({ length: table.length / width }, (_, r) => table[r * width + k]!);
}

/** Mean of the rows `from` … n − 1 of a table `[n, width]`, in double precision → `[width]`. */
export function meanRows(table: ArrayLike<number>, width: number, from = 0): Float32Array {
  const n = table.length / width;
  const sum = new Float64Array(width);
  for (let i = from * width; i < table.length; i++) sum[i % width]! += table[i]!;
  return Float32Array.from(sum, (s) => s / (n - from));
}
