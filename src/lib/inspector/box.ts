import type { Box, Operand, Range } from '#lib/graph/types.ts';
import { isBatchOfOne, sizeOf, type Tensor } from '#lib/base/tensor.ts';

/** A box without its batch, where the tensor is shown without it. */
export function boxWithoutBatch(box: Box, dims: readonly string[], shape: readonly number[]): Box {
  return isBatchOfOne({ shape, dims }) ? box.slice(1) : box;
}

/** The full index of a cell of a tensor that is shown without its batch. */
export function withBatch(
  index: readonly number[],
  dims: readonly string[],
  shape: readonly number[],
): readonly number[] {
  return isBatchOfOne({ shape, dims }) ? [0, ...index] : index;
}

/** Cells of a box. */
export function cellsOf(box: Box): number {
  return box.reduce((n, [a, b]) => n * (b - a), 1);
}

/** A box as it is written in Python: `[0, 5, :, 3:7]`; a whole dimension is `:`. */
export function boxText(box: Box, shape: readonly number[]): string {
  const part = ([a, b]: Range, i: number) =>
    b - a === 1 ? String(a) : a === 0 && b === shape[i] ? ':' : `${a}:${b}`;
  return `[${box.map(part).join(', ')}]`;
}

/** The values of a box, row-major; undefined when it does not lie in the tensor. */
export function boxValues(tensor: Pick<Tensor, 'shape' | 'data'>, box: Box): Float32Array | undefined {
  const { shape, data } = tensor;
  if (box.length !== shape.length || box.some(([a, b], i) => a < 0 || b > (shape[i] ?? 0) || a >= b))
    return undefined;
  if (data.length !== sizeOf(shape)) return undefined;
  const out = new Float32Array(cellsOf(box));
  const last = box.length - 1;
  let at = 0;
  const walk = (d: number, offset: number): void => {
    const [a, b] = box[d] ?? [0, 1];
    if (d >= last) {
      out.set(data.subarray(offset + a, offset + b), at);
      at += b - a;
      return;
    }
    const stride = sizeOf(shape.slice(d + 1));
    for (let i = a; i < b; i++) walk(d + 1, offset + i * stride);
  };
  walk(0, 0);
  return out;
}

/** The first cell of an operand's box, without its batch: where it opens. */
export function firstCell(operand: Operand, dims: readonly string[], shape: readonly number[]): number[] {
  return boxWithoutBatch(operand.ranges, dims, shape).map(([a]) => a);
}

/** `a − b` where both have the same shape; undefined otherwise. */
export function difference(a: Tensor, b: Tensor): Tensor | undefined {
  if (a.shape.length !== b.shape.length || a.shape.some((n, i) => n !== b.shape[i])) return undefined;
  const data = new Float32Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = a.data[i]! - b.data[i]!;
  return { name: a.name, shape: a.shape, dims: a.dims, data };
}
