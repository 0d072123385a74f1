import { similarityMatrix } from './contrast.ts';

/** A row of a table, with its cosine. */
export interface Ranked {
  readonly index: number;
  readonly cosine: number;
}

/**
 * Cosines of one embedding with every row of a table, −1 … 1 → `[n]`.
 * @param query `[E]` of length 1 @param table `[n, E]`, rows of length 1
 */
export function cosinesWith(query: Float32Array, table: Float32Array): Float64Array {
  const { data } = similarityMatrix(query, table, query.length);
  return Float64Array.from(data, (cosine) => Math.max(-1, Math.min(1, cosine)));
}

/** The rows of largest cosine, the nearest first; of equals the one of lower index. */
export function nearest(cosines: ArrayLike<number>, count: number): readonly Ranked[] {
  return Array.from(cosines, (cosine, index) => ({ index, cosine }))
    .sort((a, b) => b.cosine - a.cosine || a.index - b.index)
    .slice(0, count);
}
