import { sizeOf } from '#lib/base/tensor.ts';

/**
 * Values with their axes in another order, as `numpy.transpose` has it.
 * @param values row-major, of `shape`
 * @param axes the axes of `shape`, each once, in the order they are wanted in
 */
export function permuted(
  values: Float32Array,
  shape: readonly number[],
  axes: readonly number[],
): Float32Array {
  const steps = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sizes = axes.map((axis) => shape[axis] ?? 1);
  const strides = axes.map((axis) => steps[axis] ?? 0);
  const out = new Float32Array(values.length);
  const at = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = values[from] ?? 0;
    for (let axis = at.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++at[axis]! < sizes[axis]!) break;
      from -= strides[axis]! * sizes[axis]!;
      at[axis] = 0;
    }
  }
  return out;
}
