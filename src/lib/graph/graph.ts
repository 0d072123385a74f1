import { sizeOf } from '#lib/base/tensor.ts';
import { formatShape, formatValue, GraphError } from './errors.ts';
import { DTYPE_CODE } from './ops/elementwise.ts';
import { opSpec } from './ops/index.ts';
import type { As, Attributes, Doc, DType, Node, TensorType, Value, ValueKind } from './types.ts';

interface Draft extends TensorType {
  name?: string | undefined;
  kind: ValueKind;
  doc?: Doc | undefined;
  producer?: Node;
  data?: Float32Array | readonly number[];
}

function unpack(as: As | undefined): { name?: string; dims?: readonly string[]; doc?: Doc } {
  return typeof as === 'string' ? { name: as } : (as ?? {});
}

/**
 * A network as named tensors and the operations between them, with every shape known while it is built.
 * A shape or rank that does not fit throws GraphError at once, naming the tensors and their shapes.
 * Operations follow ONNX opset 17; names given through `as` are the ones a caller can ask for by name.
 */
export class Graph {
  readonly name: string;
  /** Every value by name, in the order it was made. */
  readonly values = new Map<string, Value>();
  readonly nodes: Node[] = [];
  private helpers = 0;
  private readonly shared = new Map<string, Value>();

  constructor(name: string) {
    this.name = name;
  }

  /** A value by name; GraphError when there is none. */
  value(name: string): Value {
    const v = this.values.get(name);
    if (!v) throw new GraphError(`${this.name} has no tensor ${name}.`);
    return v;
  }

  /** Names a caller may ask for: inputs and named results, in order. */
  tensorNames(): string[] {
    return [...this.values.values()]
      .filter((v) => !v.internal && (v.kind === 'node' || v.kind === 'input'))
      .map((v) => v.name);
  }

  /** A tensor that is fed at run time. */
  input(
    name: string,
    shape: readonly number[],
    dims: readonly string[],
    dtype: DType = 'float32',
    doc?: Doc,
  ): Value {
    return this.register({ name, kind: 'input', shape, dims, dtype, doc });
  }

  /** A stored weight, bound by name when the graph is encoded. */
  initializer(name: string, shape: readonly number[], dims: readonly string[], doc?: Doc): Value {
    return this.register({ name, kind: 'weight', shape, dims, dtype: 'float32', doc });
  }

  /** A float32 tensor known now. */
  constant(
    data: Float32Array | number,
    shape: readonly number[] = [],
    dims?: readonly string[],
    as?: As,
  ): Value {
    const values = typeof data === 'number' ? Float32Array.of(data) : data;
    const { name, doc } = unpack(as);
    if (values.length !== sizeOf(shape)) {
      throw new GraphError(`A constant of ${values.length} values does not fill [${shape.join(', ')}].`);
    }
    return this.register({
      name,
      kind: 'constant',
      shape,
      dims: dims ?? shape.map(String),
      dtype: 'float32',
      data: values,
      doc,
    });
  }

  /** A float32 scalar; equal ones are made once. */
  scalar(value: number): Value {
    const key = `scalar ${value}`;
    const v = this.shared.get(key) ?? this.constant(value);
    this.shared.set(key, v);
    return v;
  }

  /** A float32 tensor of one value everywhere; equal ones are made once. */
  filled(value: number, shape: readonly number[], dims: readonly string[]): Value {
    const key = `filled ${value} ${shape.join(',')}`;
    const v = this.shared.get(key) ?? this.constant(new Float32Array(sizeOf(shape)).fill(value), shape, dims);
    this.shared.set(key, v);
    return v;
  }

  /** An int64 list (a shape, an axis list) or scalar (an index); equal ones are made once. */
  ints(data: readonly number[] | number): Value {
    const key = JSON.stringify(data);
    const known = this.shared.get(key);
    if (known) return known;
    const list = typeof data === 'number' ? [data] : data;
    const shape = typeof data === 'number' ? [] : [list.length];
    const v = this.register({ kind: 'constant', shape, dims: shape.map(String), dtype: 'int64', data: list });
    this.shared.set(key, v);
    return v;
  }

  /** Adds an operation of the op table with one result. */
  op(type: string, inputs: readonly Value[], attributes: Attributes = {}, as?: As): Value {
    return this.opMany(type, inputs, attributes, [as])[0] as Value;
  }

  /** Adds an operation with as many results as `as` has entries. */
  opMany(
    type: string,
    inputs: readonly Value[],
    attributes: Attributes,
    as: readonly (As | undefined)[],
  ): Value[] {
    for (const v of inputs) {
      if (this.values.get(v.name) !== v)
        throw new GraphError(`${type}: ${formatValue(v)} is of another graph.`);
    }
    const types = opSpec(type).infer(inputs, attributes, as.length);
    const outputs: Value[] = [];
    const node: Node = { op: type, inputs, outputs, attributes };
    types.forEach((t, i) => {
      const { name, dims, doc } = unpack(as[i]);
      if (dims && dims.length !== t.shape.length) {
        throw new GraphError(
          `${type}: ${name ?? 'the result'} ${formatShape(t)} has no ${dims.length} dimensions.`,
        );
      }
      outputs.push(this.register({ ...t, dims: dims ?? t.dims, name, doc, kind: 'node', producer: node }));
    });
    this.nodes.push(node);
    return outputs;
  }

  private register(draft: Draft): Value {
    const { name, doc, producer, data, ...rest } = draft;
    const full = name ?? `_${this.helpers++}`;
    if (this.values.has(full)) throw new GraphError(`${this.name} already has a tensor ${full}.`);
    if (rest.dims.length !== rest.shape.length) {
      throw new GraphError(
        `${full}: ${rest.shape.length} sizes and ${rest.dims.length} names of dimensions.`,
      );
    }
    if (rest.shape.some((n) => !Number.isInteger(n) || n < 1)) {
      throw new GraphError(`${full} ${formatShape(rest)}: every size must be a whole number from 1 up.`);
    }
    const value: Value = {
      ...rest,
      name: full,
      internal: name === undefined,
      ...(doc && { doc }),
      ...(producer && { producer }),
      ...(data && { data }),
    };
    this.values.set(full, value);
    return value;
  }

  // Element by element; shapes broadcast as in NumPy.
  add = (a: Value, b: Value, as?: As): Value => this.op('Add', [a, b], {}, as);
  sub = (a: Value, b: Value, as?: As): Value => this.op('Sub', [a, b], {}, as);
  mul = (a: Value, b: Value, as?: As): Value => this.op('Mul', [a, b], {}, as);
  div = (a: Value, b: Value, as?: As): Value => this.op('Div', [a, b], {}, as);
  pow = (a: Value, b: Value, as?: As): Value => this.op('Pow', [a, b], {}, as);
  abs = (x: Value, as?: As): Value => this.op('Abs', [x], {}, as);
  relu = (x: Value, as?: As): Value => this.op('Relu', [x], {}, as);
  sqrt = (x: Value, as?: As): Value => this.op('Sqrt', [x], {}, as);
  erf = (x: Value, as?: As): Value => this.op('Erf', [x], {}, as);
  tanh = (x: Value, as?: As): Value => this.op('Tanh', [x], {}, as);
  floor = (x: Value, as?: As): Value => this.op('Floor', [x], {}, as);
  exp = (x: Value, as?: As): Value => this.op('Exp', [x], {}, as);
  sigmoid = (x: Value, as?: As): Value => this.op('Sigmoid', [x], {}, as);
  sin = (x: Value, as?: As): Value => this.op('Sin', [x], {}, as);
  cos = (x: Value, as?: As): Value => this.op('Cos', [x], {}, as);
  identity = (x: Value, as?: As): Value => this.op('Identity', [x], {}, as);

  /** The same values in another element type. */
  cast(x: Value, to: DType, as?: As): Value {
    return this.op('Cast', [x], { to: { i: DTYPE_CODE[to] } }, as);
  }

  /** `[…, m, k] · […, k, n] → […, m, n]`; leading dimensions broadcast. */
  matmul(a: Value, b: Value, as?: As): Value {
    return this.op('MatMul', [a, b], {}, as);
  }

  /** PyTorch's Linear on rows: `[m, k]`, weight `[n, k]`, optional bias `[n]` → `[m, n]`. */
  gemm(x: Value, weight: Value, bias?: Value, as?: As): Value {
    return this.op('Gemm', bias ? [x, weight, bias] : [x, weight], { transB: { i: 1 } }, as);
  }

  /** `[B, C, H, W]` with weights `[D, C/group, kh, kw]`; padding top, left, bottom, right. */
  conv(
    x: Value,
    weight: Value,
    bias: Value | undefined,
    options: { stride?: number; pads?: readonly [number, number, number, number]; group?: number } = {},
    as?: As,
  ): Value {
    const { stride = 1, pads = [0, 0, 0, 0], group = 1 } = options;
    const attributes: Attributes = {
      kernel_shape: { ints: weight.shape.slice(2) },
      strides: { ints: [stride, stride] },
      pads: { ints: pads },
      group: { i: group },
    };
    return this.op('Conv', bias ? [x, weight, bias] : [x, weight], attributes, as);
  }

  /**
   * The largest of every window of `kernel × kernel` pixels, `[B, C, H, W]`; what fills no window is dropped. Padding, top,
   * left, bottom, right, is never the largest.
   */
  maxPool(
    x: Value,
    kernel: number,
    stride: number,
    as?: As,
    pads?: readonly [number, number, number, number],
  ): Value {
    const attributes: Attributes = {
      kernel_shape: { ints: [kernel, kernel] },
      strides: { ints: [stride, stride] },
      ...(pads && { pads: { ints: pads } }),
    };
    return this.op('MaxPool', [x], attributes, as);
  }

  /** (x − mean) / √(variance + eps) · weight + bias by the second dimension of x; each of the four is `[C]`. */
  batchNorm(
    x: Value,
    kept: Readonly<Record<'weight' | 'bias' | 'mean' | 'variance', Value>>,
    eps: number,
    as?: As,
  ): Value {
    const inputs = [x, kept.weight, kept.bias, kept.mean, kept.variance];
    return this.op('BatchNormalization', inputs, { epsilon: { f: eps } }, as);
  }

  softmax(x: Value, axis = -1, as?: As): Value {
    return this.op('Softmax', [x], { axis: { i: axis } }, as);
  }

  /** (x − mean) / √(variance + eps) · weight + bias over the last dimension; the biased variance. */
  layerNorm(x: Value, weight: Value, bias: Value | undefined, eps: number, as?: As): Value {
    const attributes: Attributes = { axis: { i: -1 }, epsilon: { f: eps } };
    return this.op('LayerNormalization', bias ? [x, weight, bias] : [x, weight], attributes, as);
  }

  mean(x: Value, axes: readonly number[], keepDims: boolean, as?: As): Value {
    return this.op('ReduceMean', [x], { axes: { ints: axes }, keepdims: { i: keepDims ? 1 : 0 } }, as);
  }

  sum(x: Value, axes: readonly number[], keepDims: boolean, as?: As): Value {
    return this.op('ReduceSum', [x, this.ints(axes)], { keepdims: { i: keepDims ? 1 : 0 } }, as);
  }

  /** Where the smallest value along `axis` stands, the first of equal ones; the dimension disappears. int64. */
  argMin(x: Value, axis: number, as?: As): Value {
    return this.op('ArgMin', [x], { axis: { i: axis }, keepdims: { i: 0 } }, as);
  }

  /** The same values in row-major order under another shape. */
  reshape(x: Value, shape: readonly number[], dims: readonly string[], as?: As): Value {
    return this.op('Reshape', [x, this.ints(shape)], {}, { dims, ...unpack(as) });
  }

  /** `perm[i]` is the old place of the new dimension `i`, as in `torch.permute`. */
  transpose(x: Value, perm: readonly number[], as?: As): Value {
    return this.op('Transpose', [x], { perm: { ints: perm } }, as);
  }

  concat(xs: readonly Value[], axis: number, as?: As): Value {
    return this.op('Concat', xs, { axis: { i: axis } }, as);
  }

  /** Indices `start` to `end − 1` of one dimension. */
  slice(x: Value, axis: number, start: number, end: number, as?: As): Value {
    return this.op('Slice', [x, this.ints([start]), this.ints([end]), this.ints([axis])], {}, as);
  }

  /** Consecutive parts of one dimension. */
  split(x: Value, axis: number, sizes: readonly number[], as: readonly (As | undefined)[] = []): Value[] {
    const names = sizes.map((_, i) => as[i]);
    return this.opMany('Split', [x, this.ints(sizes)], { axis: { i: axis } }, names);
  }

  /** One index (the dimension disappears), a list of indices, or a tensor of them (int32 or int64) along a dimension. */
  gather(x: Value, axis: number, index: number | readonly number[] | Value, as?: As): Value {
    const at = typeof index === 'object' && 'kind' in index ? index : this.ints(index);
    return this.op('Gather', [x, at], { axis: { i: axis } }, as);
  }

  /** Repeats dimensions of size 1 up to `shape`. */
  expand(x: Value, shape: readonly number[], dims: readonly string[], as?: As): Value {
    return this.op('Expand', [x, this.ints(shape)], {}, { dims, ...unpack(as) });
  }
}
