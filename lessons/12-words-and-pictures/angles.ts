import { unitRows } from '#lib/analysis/similarity.ts';
import { similarityMatrix, type Matrix } from '#lib/analysis/contrast.ts';

/** Two of a list, and the angle between them. */
export interface AnglePair {
  readonly a: number;
  readonly b: number;
  /** 0 … 180. */
  readonly degrees: number;
}

/** The angle whose cosine this is, in degrees, 0 … 180; what rounding took past ±1 counts as ±1. */
export const degreesOf = (cosine: number): number =>
  (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;

/** Cosines of all rows with one another, `[n, n]`. @param table `[n, width]`, of any length */
export function cosinesAmong(table: ArrayLike<number>, width: number): Matrix {
  const unit = unitRows(table, width);
  return similarityMatrix(unit, unit, width);
}

/** Cosines of n one-hot labels with one another: each is at a right angle to all others. */
export function oneHotCosines(n: number): Matrix {
  const labels = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return cosinesAmong(labels, n);
}

/** The angle of every pair of different rows, each once, from the smallest to the largest. */
export function anglePairs({ rows, columns, data }: Matrix): readonly AnglePair[] {
  const pairs: AnglePair[] = [];
  for (let a = 0; a < rows; a++)
    for (let b = a + 1; b < columns; b++) pairs.push({ a, b, degrees: degreesOf(data[a * columns + b]!) });
  return pairs.sort((one, other) => one.degrees - other.degrees);
}

/** The row nearest to one; undefined where there is no other. */
export function nearestTo(pairs: readonly AnglePair[], row: number): AnglePair | undefined {
  return pairs.find(({ a, b }) => a === row || b === row);
}
