import { sizeOf } from '#lib/base/tensor.ts';
import type { Graph } from './graph.ts';
import { opSpec } from './ops/index.ts';
import type { Value } from './types.ts';

/** One named tensor: the work and the weights that lie between it and the named tensors before it. */
export interface TensorRow {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  /** Multiply-adds to make it. LayerNorm, softmax, biases and other element-wise work count 0. */
  readonly macs: number;
  /** Bytes of its values in the run (float32: 4 a value). */
  readonly bytes: number;
  /** Weights first used here. */
  readonly parameters: number;
  /** ONNX type of the operation that makes it: the product where there is one, else the last; `Input` for what is fed. */
  readonly op: string;
}

export interface WeightRow {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  readonly parameters: number;
}

export interface Description {
  /** Numbers in all weights. */
  readonly parameters: number;
  /** Multiply-adds of one forward pass with the graph's batch. */
  readonly macs: number;
  /** Bytes of all named tensors together. */
  readonly bytes: number;
  /** In the order of computation. */
  readonly tensors: readonly TensorRow[];
  readonly weights: readonly WeightRow[];
}

const ELEMENT_BYTES: Readonly<Record<Value['dtype'], number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
};

/** Shapes, bytes, multiply-adds and parameters of every named tensor, from the graph alone; no weights needed. */
export function describe(graph: Graph): Description {
  const counted = new Set<Value>();
  const spent = new Set<object>();

  function row(v: Value): TensorRow {
    let macs = 0;
    let parameters = 0;
    let product: string | undefined;
    let other: string | undefined;
    const queue: Value[] = [v];
    for (let at = queue.pop(); at; at = queue.pop()) {
      const node = at.producer;
      if (!node || spent.has(node)) continue;
      spent.add(node);
      const spec = opSpec(node.op);
      macs += node.outputs.reduce((n, o) => n + (spec.macs?.(node.inputs, o, node.attributes) ?? 0), 0);
      if (spec.macs) product ??= node.op;
      else if (node.op !== 'Reshape') other ??= node.op;
      for (const input of node.inputs) {
        if (input.kind === 'weight' && !counted.has(input)) {
          counted.add(input);
          parameters += sizeOf(input.shape);
        }
        if (input.internal) queue.push(input);
      }
    }
    return {
      name: v.name,
      shape: v.shape,
      dims: v.dims,
      macs,
      bytes: sizeOf(v.shape) * ELEMENT_BYTES[v.dtype],
      parameters,
      op: product ?? other ?? v.producer?.op ?? 'Input',
    };
  }

  const all = [...graph.values.values()];
  const tensors = all.filter((v) => !v.internal && (v.kind === 'input' || v.kind === 'node')).map(row);
  const weights = all
    .filter((v) => v.kind === 'weight')
    .map(({ name, shape, dims }) => ({ name, shape, dims, parameters: sizeOf(shape) }));
  return {
    parameters: weights.reduce((n, w) => n + w.parameters, 0),
    macs: tensors.reduce((n, t) => n + t.macs, 0),
    bytes: tensors.reduce((n, t) => n + t.bytes, 0),
    tensors,
    weights,
  };
}
