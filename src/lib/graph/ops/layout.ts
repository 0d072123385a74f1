import { sizeOf } from '#lib/base/tensor.ts';
import type { Box, Range } from '../types.ts';
import type { OpSpec } from './spec.ts';
import {
  axisOf,
  fullBox,
  integersOf,
  intAttribute,
  intsAttribute,
  misfit,
  operand,
  rangeAt,
  stridesOf,
  unbroadcast,
} from './spec.ts';

/** First and last flat position of a box. */
function flatEnds(box: Box, shape: readonly number[]): Range {
  const strides = stridesOf(shape);
  return [
    box.reduce((at, r, i) => at + r[0] * (strides[i] ?? 0), 0),
    box.reduce((at, r, i) => at + (r[1] - 1) * (strides[i] ?? 0), 0),
  ];
}

/** The smallest box of `shape` that holds every flat position from `first` to `last`. */
function boxBetween(first: number, last: number, shape: readonly number[]): Box {
  let same = true;
  const strides = stridesOf(shape);
  return shape.map((n, i): Range => {
    const s = strides[i] ?? 1;
    if (!same) return [0, n];
    const a = Math.floor(first / s) % n;
    const b = Math.floor(last / s) % n;
    same = a === b;
    return [a, b + 1];
  });
}

/**
 * A box of a reshaped tensor, seen in the old shape. Dimensions are matched in the smallest groups with equal
 * products (`[B, N, C·p·p]` ↔ `[B], [gh, gw], [C, p, p]`), so a box that is whole in a group stays a box.
 */
export function reshapeBox(box: Box, shape: readonly number[], old: readonly number[]): Box {
  const out: Range[] = [];
  let i = 0;
  let j = 0;
  while (i < shape.length || j < old.length) {
    const from = i;
    const to = j;
    let a = shape[i++] ?? 1;
    let b = old[j++] ?? 1;
    while (a !== b) {
      if (a < b) a *= shape[i++] ?? 1;
      else b *= old[j++] ?? 1;
      if (i > shape.length + 1 || j > old.length + 1) return fullBox(old);
    }
    const [first, last] = flatEnds(box.slice(from, i), shape.slice(from, i));
    out.push(...boxBetween(first, last, old.slice(to, j)));
  }
  return out;
}

const reshape: OpSpec = {
  infer: (inputs) => {
    const x = operand('Reshape', inputs, 0);
    const target = operand('Reshape', inputs, 1);
    const shape = integersOf('Reshape', target);
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      misfit('Reshape', [x], `${sizeOf(x.shape)} values do not fill [${shape.join(', ')}]`);
    }
    return [{ shape, dims: shape.map(String), dtype: x.dtype }];
  },
  reads: (box, inputs) => {
    const x = operand('Reshape', inputs, 0);
    return [reshapeBox(box, integersOf('Reshape', operand('Reshape', inputs, 1)), x.shape), undefined];
  },
};

const transpose: OpSpec = {
  infer: (inputs, attributes) => {
    const x = operand('Transpose', inputs, 0);
    const perm = intsAttribute(attributes, 'perm');
    if (perm.length !== x.shape.length || !x.shape.every((_, i) => perm.includes(i))) {
      misfit('Transpose', [x], `[${perm.join(', ')}] is not an order of its ${x.shape.length} dimensions`);
    }
    return [
      { shape: perm.map((p) => x.shape[p] ?? 1), dims: perm.map((p) => x.dims[p] ?? '1'), dtype: x.dtype },
    ];
  },
  reads: (box, inputs, attributes) => {
    const perm = intsAttribute(attributes, 'perm');
    return [inputs[0]?.shape.map((_, i) => rangeAt(box, perm.indexOf(i)))];
  },
};

const concat: OpSpec = {
  infer: (inputs, attributes) => {
    const first = operand('Concat', inputs, 0);
    const axis = axisOf('Concat', first, intAttribute(attributes, 'axis', 0));
    for (const x of inputs.slice(1)) {
      const fits =
        x.shape.length === first.shape.length && x.shape.every((n, i) => i === axis || n === first.shape[i]);
      if (!fits) misfit('Concat', [first, x], `all but dimension ${axis} must be equal`);
    }
    const total = inputs.reduce((n, x) => n + (x.shape[axis] ?? 0), 0);
    return [
      { shape: first.shape.map((n, i) => (i === axis ? total : n)), dims: first.dims, dtype: first.dtype },
    ];
  },
  reads: (box, inputs, attributes) => {
    const axis = axisOf('Concat', operand('Concat', inputs, 0), intAttribute(attributes, 'axis', 0));
    let start = 0;
    return inputs.map((x) => {
      const size = x.shape[axis] ?? 0;
      const [a, b] = rangeAt(box, axis);
      const mine: Range = [Math.max(0, a - start), Math.min(size, b - start)];
      start += size;
      return mine[0] < mine[1] ? box.map((r, i) => (i === axis ? mine : r)) : undefined;
    });
  },
};

/** Steps of 1 only: data, starts, ends, axes. */
const slice: OpSpec = {
  infer: (inputs) => {
    const x = operand('Slice', inputs, 0);
    const [starts, ends, axes] = [1, 2, 3].map((i) => integersOf('Slice', operand('Slice', inputs, i)));
    const shape = [...x.shape];
    axes?.forEach((axis, i) => {
      const at = axisOf('Slice', x, axis);
      const a = starts?.[i] ?? 0;
      const b = ends?.[i] ?? 0;
      if (a < 0 || b > (x.shape[at] ?? 0) || a >= b) {
        misfit('Slice', [x], `dimension ${at} has no range ${a} to ${b}`);
      }
      shape[at] = b - a;
    });
    return [{ shape, dims: x.dims, dtype: x.dtype }];
  },
  reads: (box, inputs) => {
    const x = operand('Slice', inputs, 0);
    const [starts, , axes] = [1, 2, 3].map((i) => integersOf('Slice', operand('Slice', inputs, i)));
    const out: Range[] = [...box];
    axes?.forEach((axis, i) => {
      const at = axisOf('Slice', x, axis);
      const shift = starts?.[i] ?? 0;
      const [a, b] = rangeAt(box, at);
      out[at] = [a + shift, b + shift];
    });
    return inputs.map((_, i) => (i === 0 ? out : undefined));
  },
};

const split: OpSpec = {
  infer: (inputs, attributes, outputs) => {
    const x = operand('Split', inputs, 0);
    const axis = axisOf('Split', x, intAttribute(attributes, 'axis', 0));
    const sizes = integersOf('Split', operand('Split', inputs, 1));
    if (sizes.length !== outputs || sizes.reduce((a, b) => a + b, 0) !== x.shape[axis]) {
      misfit('Split', [x], `parts of ${sizes.join(', ')} do not make up dimension ${axis}`);
    }
    return sizes.map((n) => ({
      shape: x.shape.map((m, i) => (i === axis ? n : m)),
      dims: x.dims,
      dtype: x.dtype,
    }));
  },
  reads: (box, inputs, attributes, output) => {
    const x = operand('Split', inputs, 0);
    const axis = axisOf('Split', x, intAttribute(attributes, 'axis', 0));
    const sizes = integersOf('Split', operand('Split', inputs, 1));
    const start = sizes.slice(0, output).reduce((a, b) => a + b, 0);
    return [box.map((r, i): Range => (i === axis ? [r[0] + start, r[1] + start] : r)), undefined];
  },
};

/** Rows of `data` along an axis: the index's shape takes that dimension's place. */
const gather: OpSpec = {
  infer: (inputs, attributes) => {
    const x = operand('Gather', inputs, 0);
    const index = operand('Gather', inputs, 1);
    const axis = axisOf('Gather', x, intAttribute(attributes, 'axis', 0));
    if (index.dtype !== 'int64' && index.dtype !== 'int32') {
      misfit('Gather', [x, index], 'the index must be int32 or int64');
    }
    if (index.data && Array.from(index.data).some((v) => v < 0 || v >= (x.shape[axis] ?? 0))) {
      misfit('Gather', [x, index], `an index lies outside dimension ${axis}`);
    }
    return [
      {
        shape: [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)],
        dims: [...x.dims.slice(0, axis), ...index.dims, ...x.dims.slice(axis + 1)],
        dtype: x.dtype,
      },
    ];
  },
  reads: (box, inputs, attributes) => {
    const x = operand('Gather', inputs, 0);
    const index = operand('Gather', inputs, 1);
    const axis = axisOf('Gather', x, intAttribute(attributes, 'axis', 0));
    const rank = index.shape.length;
    let rows: Range = [0, x.shape[axis] ?? 1];
    if (index.data) {
      const [a, b] = flatEnds(box.slice(axis, axis + rank), index.shape);
      const at = Array.from(index.data).slice(a, b + 1);
      rows = [Math.min(...at), Math.max(...at) + 1];
    }
    const chosen = index.data ? undefined : box.slice(axis, axis + rank);
    return [[...box.slice(0, axis), rows, ...box.slice(axis + rank)], chosen];
  },
};

/** Repeats sizes of 1. */
const expand: OpSpec = {
  infer: (inputs) => {
    const x = operand('Expand', inputs, 0);
    const shape = integersOf('Expand', operand('Expand', inputs, 1));
    const fits = x.shape.length === shape.length && x.shape.every((n, i) => n === 1 || n === shape[i]);
    if (!fits) misfit('Expand', [x], `it does not repeat to [${shape.join(', ')}]`);
    return [
      { shape, dims: shape.map((n, i) => (x.shape[i] === n ? (x.dims[i] ?? '1') : '1')), dtype: x.dtype },
    ];
  },
  reads: (box, inputs) => [unbroadcast(box, operand('Expand', inputs, 0)), undefined],
};

export const layout: Readonly<Record<string, OpSpec>> = {
  Reshape: reshape,
  Transpose: transpose,
  Concat: concat,
  Slice: slice,
  Split: split,
  Gather: gather,
  Expand: expand,
};
