import { Graph } from '../graph.ts';
import { indicesOf } from '../reference.testing.ts';
import { gaussian } from '../seeded.ts';
import type { Value } from '../types.ts';

/** One operation on small inputs. */
export interface Case {
  readonly title: string;
  readonly op: string;
  readonly inputs: readonly (readonly number[])[];
  /** Makes the value under test from inputs a, b, c. */
  readonly build: (g: Graph, a: Value, b: Value, c: Value) => Value;
  /** The box is a bound, not the exact set (data-dependent choice). */
  readonly loose?: boolean;
}

const unary = [
  'Cos',
  'Erf',
  'Exp',
  'Identity',
  'Log',
  'Neg',
  'Reciprocal',
  'Relu',
  'Sigmoid',
  'Sin',
  'Sqrt',
  'Tanh',
];
const binary = ['Add', 'Div', 'Mul', 'Pow', 'Sub'];

/** At least one for every operation of the table. */
export const cases: readonly Case[] = [
  ...unary.map((op): Case => ({ title: op, op, inputs: [[2, 3]], build: (g, a) => g.op(op, [a], {}, 'y') })),
  ...binary.map((op): Case => ({
    title: op,
    op,
    inputs: [
      [2, 1, 3],
      [4, 1],
    ],
    build: (g, a, b) => g.op(op, [a, b], {}, 'y'),
  })),
  {
    title: 'Abs of both signs',
    op: 'Abs',
    inputs: [
      [2, 3],
      [2, 3],
    ],
    build: (g, a, b) => g.abs(g.sub(a, b), 'y'),
  },
  {
    title: 'Relu of both signs',
    op: 'Relu',
    inputs: [
      [2, 3],
      [2, 3],
    ],
    loose: true,
    build: (g, a, b) => g.relu(g.sub(a, b), 'y'),
  },
  {
    title: 'Cast to half and back',
    op: 'Cast',
    inputs: [[3]],
    loose: true,
    build: (g, a) => g.cast(g.cast(a, 'float16'), 'float32', 'y'),
  },
  {
    title: 'Where',
    op: 'Where',
    inputs: [[2, 1], [3], [2, 3]],
    loose: true,
    build: (g, a, b, c) => g.op('Where', [g.cast(a, 'bool'), b, c], {}, 'y'),
  },
  {
    title: 'MatMul of matrices',
    op: 'MatMul',
    inputs: [
      [2, 4],
      [4, 3],
    ],
    build: (g, a, b) => g.matmul(a, b, 'y'),
  },
  {
    title: 'MatMul over heads',
    op: 'MatMul',
    inputs: [
      [2, 3, 2, 4],
      [3, 4, 3],
    ],
    build: (g, a, b) => g.matmul(a, b, 'y'),
  },
  {
    title: 'Gemm with bias',
    op: 'Gemm',
    inputs: [[2, 4], [3, 4], [3]],
    build: (g, a, b, c) => g.gemm(a, b, c, 'y'),
  },
  {
    title: 'Gemm without bias',
    op: 'Gemm',
    inputs: [
      [2, 4],
      [3, 4],
    ],
    build: (g, a, b) => g.gemm(a, b, undefined, 'y'),
  },
  {
    title: 'Conv 3×3 with padding',
    op: 'Conv',
    inputs: [[1, 2, 4, 5], [3, 2, 3, 3], [3]],
    build: (g, a, b, c) => g.conv(a, b, c, { pads: [1, 1, 1, 1] }, 'y'),
  },
  {
    title: 'Conv, stride 2, groups',
    op: 'Conv',
    inputs: [
      [2, 4, 4, 4],
      [2, 2, 2, 2],
    ],
    build: (g, a, b) => g.conv(a, b, undefined, { stride: 2, group: 2 }, 'y'),
  },
  {
    title: 'Conv of every channel for itself',
    op: 'Conv',
    inputs: [[1, 3, 2, 3], [3, 1, 3, 3], [3]],
    build: (g, a, b, c) => g.conv(a, b, c, { pads: [1, 1, 1, 1], group: 3 }, 'y'),
  },
  {
    title: 'Conv 1×1 in groups',
    op: 'Conv',
    inputs: [
      [1, 4, 2, 3],
      [4, 2, 1, 1],
    ],
    build: (g, a, b) => g.conv(a, b, undefined, { group: 2 }, 'y'),
  },
  {
    title: 'MaxPool that leaves a row out',
    op: 'MaxPool',
    inputs: [[1, 2, 5, 4]],
    loose: true,
    build: (g, a) => g.maxPool(a, 2, 2, 'y'),
  },
  {
    title: 'MaxPool of windows that overlap',
    op: 'MaxPool',
    inputs: [[2, 1, 4, 4]],
    loose: true,
    build: (g, a) => g.maxPool(a, 3, 1, 'y'),
  },
  {
    title: 'MaxPool with padding, which is never the largest',
    op: 'MaxPool',
    inputs: [[1, 2, 5, 4]],
    loose: true,
    build: (g, a) => g.maxPool(g.sub(a, g.scalar(50)), 3, 2, 'y', [1, 1, 1, 1]),
  },
  {
    title: 'BatchNormalization',
    op: 'BatchNormalization',
    inputs: [[2, 3, 2, 2], [3], [3]],
    build: (g, a, b, c) =>
      g.batchNorm(a, { weight: b, bias: c, mean: g.mul(b, c), variance: g.add(b, c) }, 0.1, 'y'),
  },
  { title: 'Softmax, last axis', op: 'Softmax', inputs: [[2, 3, 4]], build: (g, a) => g.softmax(a, -1, 'y') },
  { title: 'Softmax, axis 1', op: 'Softmax', inputs: [[2, 3, 4]], build: (g, a) => g.softmax(a, 1, 'y') },
  {
    title: 'LayerNormalization',
    op: 'LayerNormalization',
    inputs: [[2, 3, 4], [4], [4]],
    build: (g, a, b, c) => g.layerNorm(a, b, c, 1e-6, 'y'),
  },
  {
    title: 'LayerNormalization without bias',
    op: 'LayerNormalization',
    inputs: [[3, 4], [4]],
    build: (g, a, b) => g.layerNorm(a, b, undefined, 0.1, 'y'),
  },
  { title: 'ReduceMean', op: 'ReduceMean', inputs: [[2, 3, 4]], build: (g, a) => g.mean(a, [1], false, 'y') },
  {
    title: 'ReduceSum, kept',
    op: 'ReduceSum',
    inputs: [[2, 3, 4]],
    build: (g, a) => g.sum(a, [0, 2], true, 'y'),
  },
  {
    title: 'ArgMin',
    op: 'ArgMin',
    inputs: [[2, 5, 3]],
    build: (g, a) => g.cast(g.argMin(a, 1), 'float32', 'y'),
    loose: true,
  },
  {
    title: 'Reshape that splits',
    op: 'Reshape',
    inputs: [[2, 12]],
    build: (g, a) => g.reshape(a, [2, 3, 4], ['B', 'h', 'd'], 'y'),
  },
  {
    title: 'Reshape that merges',
    op: 'Reshape',
    inputs: [[2, 3, 2, 2]],
    build: (g, a) => g.reshape(a, [6, 4], ['N', 'P'], 'y'),
  },
  {
    title: 'Reshape to a scalar-like row',
    op: 'Reshape',
    inputs: [[4]],
    build: (g, a) => g.reshape(a, [1, 4, 1, 1], ['1', 'h', '1', '1'], 'y'),
  },
  {
    title: 'Transpose',
    op: 'Transpose',
    inputs: [[2, 3, 1, 4]],
    build: (g, a) => g.transpose(a, [3, 0, 1, 2], 'y'),
  },
  {
    title: 'Concat',
    op: 'Concat',
    inputs: [
      [2, 1, 3],
      [2, 4, 3],
      [2, 2, 3],
    ],
    build: (g, a, b, c) => g.concat([a, b, c], 1, 'y'),
  },
  { title: 'Slice', op: 'Slice', inputs: [[2, 5, 3]], build: (g, a) => g.slice(a, 1, 1, 4, 'y') },
  {
    title: 'Split',
    op: 'Split',
    inputs: [[2, 6]],
    build: (g, a) => g.split(a, -1, [1, 3, 2], [undefined, 'y'])[1] as Value,
  },
  {
    title: 'Gather of one index',
    op: 'Gather',
    inputs: [[3, 2, 4]],
    build: (g, a) => g.gather(a, 0, 2, 'y'),
  },
  {
    title: 'Gather of neighbours',
    op: 'Gather',
    inputs: [[3, 4]],
    build: (g, a) => g.gather(a, 1, [2, 3, 1], 'y'),
  },
  {
    title: 'Gather of computed indices',
    op: 'Gather',
    inputs: [[4], [6, 3]],
    loose: true,
    build: (g, a, b) => g.gather(b, 0, g.cast(a, 'int32'), 'y'),
  },
  {
    title: 'Floor',
    op: 'Floor',
    inputs: [[2, 3]],
    loose: true,
    build: (g, a) => g.floor(a, 'y'),
  },
  {
    title: 'Expand',
    op: 'Expand',
    inputs: [[1, 3, 1]],
    build: (g, a) => g.expand(a, [2, 3, 2], ['B', 'T', 'D'], 'y'),
  },
];

/** A case as a graph whose result is `y`, and what its inputs are fed. */
export function build(c: Case): { g: Graph; y: Value; feeds: Record<string, number[]> } {
  const g = new Graph(c.title);
  const next = gaussian(7);
  const feeds: Record<string, number[]> = {};
  const inputs = c.inputs.map((shape, i) => {
    const name = 'abc'[i] ?? '';
    feeds[name] = indicesOf(shape).map(() => Math.fround(0.4 + Math.abs(next())));
    return g.input(name, shape, shape.map(String));
  });
  const [a, b = a, d = a] = inputs;
  if (!a || !b || !d) throw new Error('a case needs an input');
  return { g, y: c.build(g, a, b, d), feeds };
}
