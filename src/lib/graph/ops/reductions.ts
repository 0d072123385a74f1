import type { Box, Range } from '../types.ts';
import type { OpSpec } from './spec.ts';
import { axisOf, integersOf, intAttribute, intsAttribute, misfit, operand } from './spec.ts';

/** `box` with all of one dimension. */
function whole(box: Box, axis: number, size: number): Box {
  return box.map((r, i): Range => (i === axis ? [0, size] : r));
}

const softmax: OpSpec = {
  infer: (inputs, attributes) => {
    const x = operand('Softmax', inputs, 0);
    axisOf('Softmax', x, intAttribute(attributes, 'axis', -1));
    return [{ shape: x.shape, dims: x.dims, dtype: x.dtype }];
  },
  reads: (box, inputs, attributes) => {
    const x = operand('Softmax', inputs, 0);
    const axis = axisOf('Softmax', x, intAttribute(attributes, 'axis', -1));
    return [whole(box, axis, x.shape[axis] ?? 1)];
  },
};

/** Opset 17, over the last axis only: that is all a transformer needs. */
const layerNormalization: OpSpec = {
  infer: (inputs) => {
    const x = operand('LayerNormalization', inputs, 0);
    const width = x.shape.at(-1);
    for (const p of inputs.slice(1)) {
      if (p.shape.length !== 1 || p.shape[0] !== width) {
        misfit('LayerNormalization', [x, p], `weight and bias need the last size, ${width}`);
      }
    }
    return [{ shape: x.shape, dims: x.dims, dtype: x.dtype }];
  },
  reads: (box, inputs) => {
    const last = box.length - 1;
    const x = operand('LayerNormalization', inputs, 0);
    return inputs.map((_, i) => (i === 0 ? whole(box, last, x.shape[last] ?? 1) : box.slice(last)));
  },
};

/** Opset 17: ReduceMean takes its axes as an attribute, ReduceSum as an input. */
function reduce(op: 'ReduceMean' | 'ReduceSum'): OpSpec {
  const axesOf = (inputs: Parameters<OpSpec['infer']>[0], attributes: Parameters<OpSpec['infer']>[1]) => {
    const x = operand(op, inputs, 0);
    const axes =
      op === 'ReduceMean' ? intsAttribute(attributes, 'axes') : integersOf(op, operand(op, inputs, 1));
    return {
      x,
      axes: axes.map((a) => axisOf(op, x, a)),
      keep: intAttribute(attributes, 'keepdims', 1) === 1,
    };
  };
  return {
    infer: (inputs, attributes) => {
      const { x, axes, keep } = axesOf(inputs, attributes);
      const kept = x.shape.map((_, i) => i).filter((i) => keep || !axes.includes(i));
      return [
        {
          shape: kept.map((i) => (axes.includes(i) ? 1 : (x.shape[i] ?? 1))),
          dims: kept.map((i) => (axes.includes(i) ? '1' : (x.dims[i] ?? '1'))),
          dtype: x.dtype,
        },
      ];
    },
    reads: (box, inputs, attributes) => {
      const { x, axes, keep } = axesOf(inputs, attributes);
      let next = 0;
      const out = x.shape.map((n, i): Range => {
        if (!axes.includes(i)) return box[next++] ?? [0, 1];
        if (keep) next++;
        return [0, n];
      });
      return inputs.map((_, i) => (i === 0 ? out : undefined));
    },
  };
}

/** Where the smallest value of one dimension stands, the first of equal ones; int64. Every value of it is read. */
const argMin: OpSpec = {
  infer: (inputs, attributes) => {
    const x = operand('ArgMin', inputs, 0);
    const axis = axisOf('ArgMin', x, intAttribute(attributes, 'axis', 0));
    if (intAttribute(attributes, 'keepdims', 1) !== 0) misfit('ArgMin', [x], 'keepdims must be 0');
    const kept = x.shape.map((_, i) => i).filter((i) => i !== axis);
    return [
      { shape: kept.map((i) => x.shape[i] ?? 1), dims: kept.map((i) => x.dims[i] ?? '1'), dtype: 'int64' },
    ];
  },
  reads: (box, inputs, attributes) => {
    const x = operand('ArgMin', inputs, 0);
    const axis = axisOf('ArgMin', x, intAttribute(attributes, 'axis', 0));
    return [[...box.slice(0, axis), [0, x.shape[axis] ?? 1], ...box.slice(axis)]];
  },
};

export const reductions: Readonly<Record<string, OpSpec>> = {
  Softmax: softmax,
  LayerNormalization: layerNormalization,
  ReduceMean: reduce('ReduceMean'),
  ReduceSum: reduce('ReduceSum'),
  ArgMin: argMin,
};
