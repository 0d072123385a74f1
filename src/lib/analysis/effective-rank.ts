import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * In how many directions the rows of a table lie, weighed by how much of them lies there: exp of the entropy of the
 * singular values over their sum. 1 where all rows are multiples of one, `width` where all directions count alike.
 * The rows are taken as they are, not centred. Source: Roy & Vetterli 2007, "The effective rank", definition 1.
 * @param rows the table `[n, width]`, row-major
 * @returns 1 … min(n, width); NaN for a table of zeros
 * @throws RangeError when `rows` is no whole table of at least one row
 */
export function effectiveRank(rows: ArrayLike<number>, width: number): number {
  const n = rows.length / width;
  if (!(width >= 1) || !Number.isInteger(n) || n < 1)
    throw new RangeError(`${rows.length} values are no table of rows of ${width}`);
  const gram = Matrix.zeros(width, width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let r = 0; r < n; r++) sum += rows[r * width + i]! * rows[r * width + j]!;
      gram.set(i, j, sum);
      gram.set(j, i, sum);
    }
  }
  const { realEigenvalues } = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const most = Math.max(...realEigenvalues);
  // What is left of rounding is no direction.
  const singular = realEigenvalues.map((value) => (value > 1e-14 * most ? Math.sqrt(value) : 0));
  const total = singular.reduce((sum, value) => sum + value, 0);
  const shares = singular.map((value) => value / total);
  return Math.exp(-shares.reduce((sum, p) => (p === 0 ? sum : sum + p * Math.log(p)), 0));
}
