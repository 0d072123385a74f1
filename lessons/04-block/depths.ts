import { cosines, norms, spread } from '#lib/analysis/residual.ts';

/** What the residual stream is like at one depth. */
export interface DepthPoint {
  /** 0: the tokens; i: after block i − 1. */
  readonly depth: number;
  readonly cls: number;
  readonly token: number;
  /** Of the patch tokens: tenth, half and nine tenths of them lie below. */
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/**
 * Norms of the tokens at each depth, or cosines to the first depth.
 * @param stream `[T, D]` at each depth, CLS at row 0
 * @param token the row that is followed
 */
export function depthPoints(
  stream: readonly Float32Array[],
  dim: number,
  token: number,
  measure: 'norm' | 'cosine',
): DepthPoint[] {
  return stream.map((table, depth) => {
    const values = measure === 'norm' ? norms(table, dim) : cosines(table, stream[0]!, dim);
    return {
      depth,
      cls: values[0] ?? NaN,
      token: values[token] ?? NaN,
      ...spread(values.subarray(1)),
    };
  });
}
