import type { Matrix } from './contrast.ts';

/*
 * Contrast of pictures with pictures: two random views of each, rows 2k and 2k + 1 those of picture k. A view's partner
 * is to be told from all other views. training/tasks/simclr.py is the same in PyTorch, and training/tests/golden/simclr.json
 * holds both to one answer.
 */

/** The row of the other view of the same picture. */
export const partnerOf = (row: number): number => row ^ 1;

/** What one view's loss is made of. */
export interface NtXentRow {
  /** exp(cosine with the partner / temperature). */
  readonly numerator: number;
  /** Sum of exp(cosine / temperature) over all other views, the partner among them. */
  readonly denominator: number;
  /** −log(numerator / denominator), in nats. */
  readonly loss: number;
}

export interface NtXent {
  readonly rows: readonly NtXentRow[];
  /** Mean over all views: what training makes small. */
  readonly loss: number;
}

/**
 * NT-Xent, the normalised temperature-scaled cross-entropy (Chen et al. 2020, arXiv 2002.05709, equation 1).
 * @param cosines `[2n, 2n]` of unit rows; the diagonal takes no part
 * @param temperature τ above 0
 * @throws RangeError for a matrix that is not square or has an odd number of rows, and for a temperature of 0 or less
 */
export function ntXent(cosines: Matrix, temperature: number): NtXent {
  check(cosines, temperature);
  const { columns, data } = cosines;
  const rows = Array.from({ length: cosines.rows }, (_, i) => {
    const logit = (j: number) => data[i * columns + j]! / temperature;
    // Numerator and denominator as they stand in the formula; the loss without their overflow.
    const most = largest(cosines, i) / temperature;
    let sum = 0;
    for (let j = 0; j < columns; j++) if (j !== i) sum += Math.exp(logit(j) - most);
    const own = logit(partnerOf(i));
    return {
      numerator: Math.exp(own),
      denominator: Math.exp(most) * sum,
      loss: most + Math.log(sum) - own,
    };
  });
  return { rows, loss: rows.reduce((total, row) => total + row.loss, 0) / rows.length };
}

/**
 * Derivative of the mean loss by each cosine, `[2n, 2n]`: (share of the cell in its row's softmax − 1 at the partner)
 * / (2n τ), 0 on the diagonal. Cell (i, j) is the part that row i has; the cosine (j, i) is the same number, and its part
 * stands there.
 */
export function ntXentSlopes(cosines: Matrix, temperature: number): Matrix {
  check(cosines, temperature);
  const { rows, columns, data } = cosines;
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const at = i * columns;
    const most = largest(cosines, i);
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      if (j !== i) sum += out[at + j] = Math.exp((data[at + j]! - most) / temperature);
    }
    for (let j = 0; j < columns; j++) out[at + j]! /= sum;
    out[at + partnerOf(i)]! -= 1;
    for (let j = 0; j < columns; j++) out[at + j]! /= rows * temperature;
  }
  return { rows, columns, data: out };
}

function largest({ columns, data }: Matrix, row: number): number {
  let most = -Infinity;
  for (let j = 0; j < columns; j++) if (j !== row) most = Math.max(most, data[row * columns + j]!);
  return most;
}

function check({ rows, columns }: Matrix, temperature: number): void {
  if (rows !== columns || rows % 2 !== 0 || rows < 2)
    throw new RangeError(`${rows} × ${columns} cosines are not those of two views of each picture`);
  if (!(temperature > 0)) throw new RangeError(`the temperature must be above 0, not ${temperature}`);
}
