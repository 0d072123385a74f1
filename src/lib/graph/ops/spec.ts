import { sizeOf } from '#lib/base/tensor.ts';
import { formatValue, GraphError } from '../errors.ts';
import type { Attributes, Box, Range, TensorType, Value } from '../types.ts';

/** Everything the project knows about one operation, in one place. */
export interface OpSpec {
  /** Types of the results; throws GraphError where the inputs do not fit. */
  infer(inputs: readonly Value[], attributes: Attributes, outputs: number): TensorType[];
  /** Multiply-adds (LayerNorm, softmax, bias and other element-wise work count 0). */
  macs?(inputs: readonly Value[], output: TensorType, attributes: Attributes): number;
  /**
   * The box of each input that a box of result number `output` is computed from: the smallest box that holds
   * every cell read. `undefined` for an input that is not read, or that is a shape, axis or index.
   */
  reads(box: Box, inputs: readonly Value[], attributes: Attributes, output: number): (Box | undefined)[];
}

/** Fails the build of an operation, naming its inputs and their shapes. */
export function misfit(op: string, inputs: readonly Value[], rule: string): never {
  throw new GraphError(`${op}: ${inputs.map(formatValue).join(' and ')}: ${rule}.`);
}

/** Input number `i`, or an error that says how many the operation takes. */
export function operand(op: string, inputs: readonly Value[], i: number): Value {
  const value = inputs[i];
  if (!value) throw new GraphError(`${op}: needs input number ${i + 1}, has ${inputs.length}.`);
  return value;
}

export function intAttribute(attributes: Attributes, name: string, fallback: number): number {
  const a = attributes[name];
  return a && 'i' in a ? a.i : fallback;
}

export function intsAttribute(attributes: Attributes, name: string): readonly number[] {
  const a = attributes[name];
  return a && 'ints' in a ? a.ints : [];
}

/** An axis counted from the front; a negative one counts from the back. */
export function axisOf(op: string, x: Value, axis: number): number {
  const front = axis < 0 ? axis + x.shape.length : axis;
  if (!Number.isInteger(front) || front < 0 || front >= x.shape.length) {
    misfit(op, [x], `axis ${axis} does not exist in ${x.shape.length} dimensions`);
  }
  return front;
}

/** The integers of a constant int64 input. */
export function integersOf(op: string, value: Value): readonly number[] {
  if (value.kind !== 'constant' || !value.data || value.dtype !== 'int64') {
    throw new GraphError(`${op}: ${formatValue(value)} must be a constant of integers.`);
  }
  return Array.from(value.data);
}

/** A box that holds all of a shape. */
export function fullBox(shape: readonly number[]): Box {
  return shape.map((n): Range => [0, n]);
}

/** A dimension's range, or all of it when there is none. */
export function rangeAt(box: Box, i: number): Range {
  return box[i] ?? [0, 1];
}

/** `box` of a broadcast result, seen by an input: dimensions align at the back, a size of 1 is always index 0. */
export function unbroadcast(box: Box, input: TensorType): Box {
  const skip = box.length - input.shape.length;
  return input.shape.map((n, i): Range => (n === 1 ? [0, 1] : rangeAt(box, i + skip)));
}

/** NumPy broadcasting of two types; names come from the side whose size is not 1. */
export function broadcast(op: string, a: Value, b: Value): TensorType {
  if (a.dtype !== b.dtype) misfit(op, [a, b], `element types ${a.dtype} and ${b.dtype} differ`);
  const rank = Math.max(a.shape.length, b.shape.length);
  const shape: number[] = [];
  const dims: string[] = [];
  for (let i = 0; i < rank; i++) {
    const ia = i - rank + a.shape.length;
    const ib = i - rank + b.shape.length;
    const na = a.shape[ia] ?? 1;
    const nb = b.shape[ib] ?? 1;
    if (na !== nb && na !== 1 && nb !== 1) {
      misfit(op, [a, b], `sizes ${na} and ${nb} of dimension ${i} differ and neither is 1`);
    }
    shape.push(Math.max(na, nb));
    const da = a.dims[ia] ?? '1';
    const db = b.dims[ib] ?? '1';
    dims.push(nb > na || da === '1' ? (na > nb ? da : db) : da);
  }
  return { shape, dims, dtype: a.dtype };
}

/** Row-major strides of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let step = sizeOf(shape);
  for (const n of shape) {
    step = n === 0 ? 0 : step / n;
    strides.push(step);
  }
  return strides;
}
