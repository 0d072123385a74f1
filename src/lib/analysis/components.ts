/** Principal components of a table; see `principalComponents` in pca.ts. */
export interface Pca {
  /** Numbers in a row of the table, d. */
  readonly width: number;
  /** Components found, k. */
  readonly count: number;
  /** Mean row `[d]`; zeros where the table was not centred. */
  readonly mean: Float64Array;
  /** Unit vectors `[k, d]`, row-major, by falling variance. Signs: the entry of largest magnitude is positive. */
  readonly components: Float64Array;
  /** Variance along each component `[k]`, divided by n − 1. */
  readonly variance: Float64Array;
  /** Variance of the whole table, the sum over all its components. `variance[i] / total` is the explained share. */
  readonly total: number;
}

/**
 * A table in the coordinates of the components: `(row − mean) · component`.
 * @param rows `[n, width]`, row-major
 * @returns `[n, count]`, row-major
 * @throws RangeError when `rows` does not consist of rows of that width
 */
export function project(pca: Pca, rows: ArrayLike<number>): Float64Array {
  const { width, count, mean, components } = pca;
  const n = rows.length / width;
  if (!Number.isInteger(n)) throw new RangeError(`${rows.length} values are no rows of ${width}`);
  const out = new Float64Array(n * count);
  for (let r = 0; r < n; r++) {
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let c = 0; c < width; c++) sum += (rows[r * width + c]! - mean[c]!) * components[k * width + c]!;
      out[r * count + k] = sum;
    }
  }
  return out;
}
