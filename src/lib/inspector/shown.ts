import type { Tensor } from '#lib/base/tensor.ts';

/** Whether an index names a cell of such a shape. */
export function isCell(index: readonly number[], shape: readonly number[]): boolean {
  return index.length > 0 && index.length === shape.length && index.every((c, i) => c < shape[i]!);
}

/** The value of a cell; undefined where the index has another number of dimensions. */
export function valueAt(
  tensor: Pick<Tensor, 'shape' | 'data'>,
  index: readonly number[],
): number | undefined {
  if (index.length !== tensor.shape.length) return undefined;
  return tensor.data[index.reduce((at, i, d) => at * tensor.shape[d]! + i, 0)];
}
