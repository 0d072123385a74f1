import { sizeOf } from '#lib/base/tensor.ts';
import type { Box, Range, Value } from '../types.ts';
import type { OpSpec } from './spec.ts';
import { broadcast, intAttribute, intsAttribute, misfit, operand, rangeAt, unbroadcast } from './spec.ts';

/** The leading (batch) part of a matrix, as a value of its own for broadcasting. */
function batchOf(x: Value): Value {
  return { ...x, shape: x.shape.slice(0, -2), dims: x.dims.slice(0, -2) };
}

/** NumPy matmul of two tensors of rank ≥ 2: `[…, m, k] · […, k, n] → […, m, n]`. */
const matMul: OpSpec = {
  infer: (inputs) => {
    const a = operand('MatMul', inputs, 0);
    const b = operand('MatMul', inputs, 1);
    if (a.shape.length < 2 || b.shape.length < 2) misfit('MatMul', [a, b], 'both need 2 dimensions or more');
    const k = a.shape[a.shape.length - 1];
    const kb = b.shape[b.shape.length - 2];
    if (k !== kb) misfit('MatMul', [a, b], `inner sizes ${k} and ${kb} differ`);
    let batch;
    try {
      batch = broadcast('MatMul', batchOf(a), batchOf(b));
    } catch {
      misfit('MatMul', [a, b], 'the leading dimensions do not broadcast');
    }
    return [
      {
        shape: [...batch.shape, a.shape[a.shape.length - 2] ?? 1, b.shape[b.shape.length - 1] ?? 1],
        dims: [...batch.dims, a.dims[a.dims.length - 2] ?? '1', b.dims[b.dims.length - 1] ?? '1'],
        dtype: a.dtype,
      },
    ];
  },
  macs: (inputs, output) => sizeOf(output.shape) * (inputs[0]?.shape.at(-1) ?? 0),
  reads: (box, inputs) => {
    const a = operand('MatMul', inputs, 0);
    const b = operand('MatMul', inputs, 1);
    const batch = box.slice(0, -2);
    const k: Range = [0, a.shape.at(-1) ?? 1];
    return [
      [...unbroadcast(batch, batchOf(a)), rangeAt(box, box.length - 2), k],
      [...unbroadcast(batch, batchOf(b)), k, rangeAt(box, box.length - 1)],
    ];
  },
};

/** PyTorch's Linear on rows: `[m, k]` with a weight `[n, k]` and an optional bias `[n]` → `[m, n]` (Gemm, transB). */
const gemm: OpSpec = {
  infer: (inputs) => {
    const x = operand('Gemm', inputs, 0);
    const w = operand('Gemm', inputs, 1);
    if (x.shape.length !== 2 || w.shape.length !== 2) misfit('Gemm', [x, w], 'both need 2 dimensions');
    if (x.shape[1] !== w.shape[1])
      misfit('Gemm', [x, w], `inner sizes ${x.shape[1]} and ${w.shape[1]} differ`);
    const bias = inputs[2];
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== w.shape[0])) {
      misfit('Gemm', [w, bias], `the bias needs ${w.shape[0]} values`);
    }
    const shape = [x.shape[0] ?? 1, w.shape[0] ?? 1];
    return [{ shape, dims: [x.dims[0] ?? '1', w.dims[0] ?? '1'], dtype: x.dtype }];
  },
  macs: (inputs, output) => sizeOf(output.shape) * (inputs[0]?.shape[1] ?? 0),
  reads: (box, inputs) => {
    const k: Range = [0, operand('Gemm', inputs, 0).shape[1] ?? 1];
    const boxes: Box[] = [[rangeAt(box, 0), k], [rangeAt(box, 1), k], [rangeAt(box, 1)]];
    return boxes.slice(0, inputs.length);
  },
};

interface ConvGeometry {
  readonly x: Value;
  readonly w: Value;
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly group: number;
}

function geometry(inputs: readonly Value[], attributes: Parameters<OpSpec['infer']>[1]): ConvGeometry {
  const x = operand('Conv', inputs, 0);
  const w = operand('Conv', inputs, 1);
  const [sy = 1, sx = 1] = intsAttribute(attributes, 'strides');
  const [top = 0, left = 0, bottom = 0, right = 0] = intsAttribute(attributes, 'pads');
  return {
    x,
    w,
    strides: [sy, sx],
    pads: [top, left, bottom, right],
    group: intAttribute(attributes, 'group', 1),
  };
}

/** Two-dimensional convolution: `[B, C, H, W]` with weights `[D, C/group, kh, kw]` and an optional bias `[D]`. */
const conv: OpSpec = {
  infer: (inputs, attributes) => {
    const { x, w, strides, pads, group } = geometry(inputs, attributes);
    if (x.shape.length !== 4 || w.shape.length !== 4) misfit('Conv', [x, w], 'both need 4 dimensions');
    const [batch = 1, channels = 0, height = 0, width = 0] = x.shape;
    const [out = 0, inner = 0, kh = 1, kw = 1] = w.shape;
    if (channels !== inner * group || out % group !== 0) {
      misfit('Conv', [x, w], `${channels} channels do not fit ${group} group(s) of ${inner}`);
    }
    const bias = inputs[2];
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== out)) {
      misfit('Conv', [w, bias], `the bias needs ${out} values`);
    }
    const rows = Math.floor((height + pads[0] + pads[2] - kh) / strides[0]) + 1;
    const cols = Math.floor((width + pads[1] + pads[3] - kw) / strides[1]) + 1;
    if (rows < 1 || cols < 1) misfit('Conv', [x, w], 'the kernel is larger than the padded picture');
    return [
      {
        shape: [batch, out, rows, cols],
        dims: [x.dims[0] ?? '1', w.dims[0] ?? '1', x.dims[2] ?? '1', x.dims[3] ?? '1'],
        dtype: x.dtype,
      },
    ];
  },
  macs: (inputs, output) => sizeOf(output.shape) * sizeOf(inputs[1]?.shape.slice(1) ?? []),
  reads: (box, inputs, attributes) => {
    const { x, w, strides, pads, group } = geometry(inputs, attributes);
    const [out = 0, inner = 0, kh = 1, kw = 1] = w.shape;
    const [d0, d1] = rangeAt(box, 1);
    const perGroup = out / group;
    const channels: Range = [
      Math.floor(d0 / perGroup) * inner,
      (Math.floor((d1 - 1) / perGroup) + 1) * inner,
    ];
    const window = (r: Range, stride: number, pad: number, kernel: number, size: number): Range => [
      Math.max(0, r[0] * stride - pad),
      Math.min(size, (r[1] - 1) * stride - pad + kernel),
    ];
    const xBox: Box = [
      rangeAt(box, 0),
      channels,
      window(rangeAt(box, 2), strides[0], pads[0], kh, x.shape[2] ?? 1),
      window(rangeAt(box, 3), strides[1], pads[1], kw, x.shape[3] ?? 1),
    ];
    // At an edge, taps that fall on the padding meet zeros: they are not read.
    const taps = (r: Range, stride: number, pad: number, kernel: number, size: number): Range => [
      Math.max(0, pad - (r[1] - 1) * stride),
      Math.min(kernel, size + pad - r[0] * stride),
    ];
    const wBox: Box = [
      [d0, d1],
      [0, inner],
      taps(rangeAt(box, 2), strides[0], pads[0], kh, x.shape[2] ?? 1),
      taps(rangeAt(box, 3), strides[1], pads[1], kw, x.shape[3] ?? 1),
    ];
    return inputs.length > 2 ? [xBox, wBox, [[d0, d1]]] : [xBox, wBox];
  },
};

export const products: Readonly<Record<string, OpSpec>> = { MatMul: matMul, Gemm: gemm, Conv: conv };
