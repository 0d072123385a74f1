import { similarityMatrix } from '#lib/analysis/contrast.ts';
import { ntXent, ntXentSlopes, partnerOf } from '#lib/analysis/nt-xent.ts';

/*
 * Losses of two views each of n pictures, rows 2k and 2k + 1 those of picture k, and their slopes. A table is flat,
 * row-major, `[2n, width]`.
 */

/** A loss and its derivative by each number of a table. */
export interface Slopes {
  readonly loss: number;
  readonly slopes: Float32Array;
}

/** Rows at length 1, and the lengths they had. */
export interface Unit {
  readonly rows: Float32Array;
  readonly lengths: Float64Array;
}

export function unit(table: Float32Array, width: number): Unit {
  const lengths = new Float64Array(table.length / width);
  for (let i = 0; i < table.length; i++) lengths[Math.floor(i / width)]! += table[i]! ** 2;
  lengths.forEach((squares, r) => (lengths[r] = Math.sqrt(squares + 1e-12)));
  return { rows: table.map((value, i) => value / lengths[Math.floor(i / width)]!), lengths };
}

/** The slopes by a table of those by its rows at length 1: what lies along a row changes its length alone. */
export function throughUnit({ rows, lengths }: Unit, slopes: Float32Array, width: number): Float32Array {
  const out = new Float32Array(slopes.length);
  for (let r = 0; r < lengths.length; r++) {
    let along = 0;
    for (let i = r * width; i < (r + 1) * width; i++) along += slopes[i]! * rows[i]!;
    for (let i = r * width; i < (r + 1) * width; i++) out[i] = (slopes[i]! - along * rows[i]!) / lengths[r]!;
  }
  return out;
}

/** With negatives: NT-Xent of unit rows. Source: Chen et al. 2020, equation 1. */
export function withNegatives(rows: Float32Array, width: number, temperature: number): Slopes {
  const cosines = similarityMatrix(rows, rows, width);
  const { data, columns } = ntXentSlopes(cosines, temperature);
  const slopes = new Float32Array(rows.length);
  for (let i = 0; i < cosines.rows; i++) {
    for (let j = 0; j < columns; j++) {
      const both = data[i * columns + j]! + data[j * columns + i]!;
      for (let k = 0; k < width; k++) slopes[i * width + k]! += both * rows[j * width + k]!;
    }
  }
  return { loss: ntXent(cosines, temperature).loss, slopes };
}

/**
 * 1 − cosine of each row with its partner's target, mean over the rows. The targets are held: no slope goes into them.
 * Source: Chen & He 2021 (SimSiam), equations 1 and 3, plus 1 so that 0 is the least.
 */
export function towards(rows: Float32Array, targets: Float32Array, width: number): Slopes {
  const count = rows.length / width;
  const slopes = new Float32Array(rows.length);
  let sum = 0;
  for (let r = 0; r < count; r++) {
    for (let k = 0; k < width; k++) {
      const target = targets[partnerOf(r) * width + k]!;
      sum += rows[r * width + k]! * target;
      slopes[r * width + k] = -target / count;
    }
  }
  return { loss: 1 - sum / count, slopes };
}

/** Positives alone: 1 − cosine of partners. Each row is pulled as its partner's target and as itself. */
export function positivesAlone(rows: Float32Array, width: number): Slopes {
  const { loss, slopes } = towards(rows, rows, width);
  return { loss, slopes: slopes.map((value) => 2 * value) };
}
