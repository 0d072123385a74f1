import { partAxis, partOf, type Value } from '#lib/graph/index.ts';
import { withoutBatch, type Dims, type Tensor } from '#lib/base/tensor.ts';

/**
 * A tensor's shape as it is shown: without a batch of one, and of a part without the dimension it is taken along.
 * @param name the tensor's, or one of its parts'
 */
export function shownShape(value: Value | undefined, name: string): Dims {
  if (!value) return { shape: [], dims: [] };
  const axis = partOf(name) ? partAxis(value) : undefined;
  if (axis === undefined) return withoutBatch(value);
  const rest = (_: unknown, i: number) => i !== axis && (i > 0 || value.dims[0] !== 'B');
  return { shape: value.shape.filter(rest), dims: value.dims.filter(rest) };
}

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
