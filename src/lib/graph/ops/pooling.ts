import { sizeOf } from '#lib/base/tensor.ts';
import type { Attributes, Range, Value } from '../types.ts';
import type { OpSpec } from './spec.ts';
import { intsAttribute, misfit, operand, rangeAt } from './spec.ts';

/** Zeros on each side, top, left, bottom, right; none where the attribute is absent. */
function padsOf(attributes: Attributes): readonly [number, number, number, number] {
  const [top = 0, left = 0, bottom = 0, right = 0] = attributes.pads ? intsAttribute(attributes, 'pads') : [];
  return [top, left, bottom, right];
}

/** The largest value of every window, by channel: `[B, C, H, W]`; what fills no window is dropped. Padding is never it. */
const maxPool: OpSpec = {
  infer: (inputs, attributes) => {
    const x = operand('MaxPool', inputs, 0);
    if (x.shape.length !== 4) misfit('MaxPool', [x], '4 dimensions are needed');
    const [kh = 1, kw = 1] = intsAttribute(attributes, 'kernel_shape');
    const [sy = 1, sx = 1] = intsAttribute(attributes, 'strides');
    const [top, left, bottom, right] = padsOf(attributes);
    const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
    const rows = Math.floor((height + top + bottom - kh) / sy) + 1;
    const cols = Math.floor((width + left + right - kw) / sx) + 1;
    if (rows < 1 || cols < 1)
      misfit('MaxPool', [x], `the window of ${kh} × ${kw} is larger than the picture`);
    return [{ shape: [batch, channels, rows, cols], dims: x.dims, dtype: x.dtype }];
  },
  reads: (box, inputs, attributes) => {
    const kernel = intsAttribute(attributes, 'kernel_shape');
    const strides = intsAttribute(attributes, 'strides');
    const pads = padsOf(attributes);
    const size = operand('MaxPool', inputs, 0).shape;
    const window = (axis: 0 | 1): Range => {
      const [from, to] = rangeAt(box, 2 + axis);
      const stride = strides[axis] ?? 1;
      const end = (to - 1) * stride - pads[axis] + (kernel[axis] ?? 1);
      return [Math.max(0, from * stride - pads[axis]), Math.min(end, size[2 + axis] ?? end)];
    };
    return inputs.map(() => [rangeAt(box, 0), rangeAt(box, 1), window(0), window(1)]);
  },
};

/**
 * (x − mean) / √(variance + ε) · weight + bias with kept statistics, each `[C]`, by the second dimension of x; inputs in
 * ONNX's order x, weight, bias, mean, variance.
 */
const batchNormalization: OpSpec = {
  infer: (inputs) => {
    const x = operand('BatchNormalization', inputs, 0);
    const channels = x.shape[1];
    const kept: Value[] = [1, 2, 3, 4].map((i) => operand('BatchNormalization', inputs, i));
    for (const v of kept) {
      if (v.shape.length !== 1 || sizeOf(v.shape) !== channels)
        misfit('BatchNormalization', [x, v], `one value for each of ${channels} channels is needed`);
    }
    return [{ shape: x.shape, dims: x.dims, dtype: x.dtype }];
  },
  reads: (box, inputs) => inputs.map((_, i) => (i === 0 ? box : [rangeAt(box, 1)])),
};

export const pooling: Readonly<Record<string, OpSpec>> = {
  MaxPool: maxPool,
  BatchNormalization: batchNormalization,
};
