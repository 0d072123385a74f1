import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Pca } from './components.ts';

export { project, type Pca } from './components.ts';

export interface PcaOptions {
  /** Most components to return; by default all that a table of this size can have. */
  readonly count?: number;
  /** Take the mean row away first; true by default. */
  readonly center?: boolean;
}

/**
 * Principal component analysis (Pearson 1901) by the eigenvectors of the smaller of `XᵀX` and `XXᵀ`, in float64.
 * Components without variance are left out, so fewer than `count` may come back.
 * @param rows the table `[n, width]`, row-major
 * @param width numbers in a row, from 1 up
 * @throws RangeError when `rows` is no whole table of at least two rows
 */
export function principalComponents(
  rows: ArrayLike<number>,
  width: number,
  { count = Infinity, center = true }: PcaOptions = {},
): Pca {
  const n = rows.length / width;
  if (!(width >= 1) || !Number.isInteger(n) || n < 2) {
    throw new RangeError(`${rows.length} values are no table of two or more rows of ${width}`);
  }
  const mean = center ? meanRow(rows, width) : new Float64Array(width);
  const table = Float64Array.from(rows);
  for (let i = 0; i < table.length; i++) table[i]! -= mean[i % width]!;

  const wide = width > n;
  const gram = wide ? products(table, n, width, width, 1) : products(table, width, n, 1, width);
  const size = wide ? n : width;
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  let total = 0;
  for (let i = 0; i < size; i++) total += gram.get(i, i);

  // Eigenvalues come ascending. What is left of rounding is no component.
  const least = 1e-12 * Math.max(total, Number.MIN_VALUE);
  const order = realEigenvalues
    .map((value, i) => ({ value, i }))
    .sort((a, b) => b.value - a.value)
    .filter(({ value }) => value > least)
    .slice(0, Math.max(0, count));
  const components = new Float64Array(order.length * width);
  for (const [k, { i }] of order.entries()) {
    const out = components.subarray(k * width, (k + 1) * width);
    if (!wide) for (let c = 0; c < width; c++) out[c] = eigenvectorMatrix.get(c, i);
    else
      for (let r = 0; r < n; r++) {
        const weight = eigenvectorMatrix.get(r, i);
        for (let c = 0; c < width; c++) out[c]! += weight * table[r * width + c]!;
      }
    orient(out);
  }
  return {
    width,
    count: order.length,
    mean,
    components,
    variance: Float64Array.from(order, ({ value }) => value / (n - 1)),
    total: total / (n - 1),
  };
}

function meanRow(rows: ArrayLike<number>, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) mean[i % width]! += rows[i]!;
  const n = rows.length / width;
  return mean.map((sum) => sum / n);
}

/** Dot products of `size` vectors of `length` values each, vector i starting at `i · between`, values `step` apart. */
function products(table: Float64Array, size: number, length: number, between: number, step: number): Matrix {
  const out = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += table[i * between + k * step]! * table[j * between + k * step]!;
      out.set(i, j, sum);
      out.set(j, i, sum);
    }
  }
  return out;
}

/** Scales to length 1, with the entry of largest magnitude positive. */
function orient(vector: Float64Array): void {
  let squares = 0;
  let largest = 0;
  for (const v of vector) {
    squares += v * v;
    if (Math.abs(v) > Math.abs(largest)) largest = v;
  }
  const factor = (largest < 0 ? -1 : 1) / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
}
