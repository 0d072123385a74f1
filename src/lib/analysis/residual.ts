/** The rows of a table `[T, D]`, such as the residual stream after a block: how long they are and where they point. */

function rowsOf(table: ArrayLike<number>, dim: number): number {
  const rows = table.length / dim;
  if (!Number.isInteger(dim) || dim < 1 || !Number.isInteger(rows)) {
    throw new RangeError(`${table.length} values are no rows of ${dim}.`);
  }
  return rows;
}

/** Euclidean norm of each row of `[T, D]` → `[T]`. Throws RangeError when the values are no whole rows. */
export function norms(table: ArrayLike<number>, dim: number): Float64Array {
  const out = new Float64Array(rowsOf(table, dim));
  for (let t = 0; t < out.length; t++) {
    let sum = 0;
    for (let i = t * dim; i < (t + 1) * dim; i++) sum += table[i]! * table[i]!;
    out[t] = Math.sqrt(sum);
  }
  return out;
}

/**
 * Cosine between each row of `[T, D]` and the same row of `reference` `[T, D]` → `[T]`, −1 … 1; NaN where one of the
 * two is zero. Throws RangeError when the tables differ in size.
 */
export function cosines(table: ArrayLike<number>, reference: ArrayLike<number>, dim: number): Float64Array {
  const out = new Float64Array(rowsOf(table, dim));
  if (reference.length !== table.length) {
    throw new RangeError(`${table.length} and ${reference.length} values cannot be compared row by row.`);
  }
  for (let t = 0; t < out.length; t++) {
    let dot = 0;
    let a = 0;
    let b = 0;
    for (let i = t * dim; i < (t + 1) * dim; i++) {
      dot += table[i]! * reference[i]!;
      a += table[i]! * table[i]!;
      b += reference[i]! * reference[i]!;
    }
    out[t] = dot / Math.sqrt(a * b);
  }
  return out;
}

export interface Moments {
  readonly mean: number;
  /** The biased variance: the mean of the squared distances from the mean, as LayerNorm takes it. */
  readonly variance: number;
}

/** Mean and variance of one row, in double precision, in two passes. NaN for an empty row. */
export function moments(row: ArrayLike<number>): Moments {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i]!;
  const mean = sum / row.length;
  let squares = 0;
  for (let i = 0; i < row.length; i++) squares += (row[i]! - mean) ** 2;
  return { mean, variance: squares / row.length };
}

export interface Spread {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Quantiles of some numbers (0.1, 0.5, 0.9 by default), interpolated linearly as `torch.quantile` does. */
export function spread(
  values: ArrayLike<number>,
  at: readonly [number, number, number] = [0.1, 0.5, 0.9],
): Spread {
  const sorted = Float64Array.from(values).sort();
  const quantile = (q: number) => {
    const place = q * (sorted.length - 1);
    const below = Math.floor(place);
    const a = sorted[below] ?? NaN;
    const b = sorted[Math.min(sorted.length - 1, below + 1)] ?? NaN;
    return a + (b - a) * (place - below);
  };
  return { low: quantile(at[0]), middle: quantile(at[1]), high: quantile(at[2]) };
}
