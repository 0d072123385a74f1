import { axisOf, integersOf, intAttribute, intsAttribute, stridesOf } from '#lib/graph/ops/spec.ts';
import type { Node, Value } from '#lib/graph/types.ts';
import { elementwise } from './elementwise.ts';
import type { Recipe, RecipeOf, Source } from './recipe.ts';

const indexList = (n: number) => Array.from({ length: n }, (_, i) => i);
const shapeAt = (node: Node, input: number): readonly number[] => node.inputs[input]?.shape ?? [];
const inputAt = (node: Node, input: number): Value => node.inputs[input]!;
const replaced = (index: readonly number[], at: number, by: number) =>
  index.map((n, i) => (i === at ? by : n));
const copy = (index: readonly number[], input = 0): Recipe => ({ kind: 'copy', from: { input, index } });

/** Flat position → index, row-major. */
function unflat(flat: number, shape: readonly number[]): number[] {
  const strides = stridesOf(shape);
  return shape.map((n, i) => Math.floor(flat / (strides[i] ?? 1)) % n);
}
const flatOf = (index: readonly number[], shape: readonly number[]) =>
  index.reduce((at, i, d) => at * (shape[d] ?? 1) + i, 0);

/** The index of an input that is broadcast: dimensions align at the back, a size of 1 is always index 0. */
function unbroadcast(index: readonly number[], shape: readonly number[]): number[] {
  const skip = index.length - shape.length;
  return shape.map((n, i) => (n === 1 ? 0 : (index[i + skip] ?? 0)));
}

const axis = (node: Node, fallback: number) =>
  axisOf(node.op, inputAt(node, 0), intAttribute(node.attributes, 'axis', fallback));

const epsilonOf = ({ attributes }: Node) => {
  const a = attributes.epsilon;
  return a && 'f' in a ? a.f : 1e-5;
};

/** Every cell of input 0 along one dimension. */
const along = (node: Node, index: readonly number[], at: number): Source[] =>
  indexList(shapeAt(node, 0)[at] ?? 1).map((k) => ({ input: 0, index: replaced(index, at, k) }));

const matMul: RecipeOf = (node, index) => {
  const [a, b] = [shapeAt(node, 0), shapeAt(node, 1)];
  const [m = 0, n = 0] = index.slice(-2);
  const batch = index.slice(0, -2);
  const [left, right] = [a, b].map((shape) => unbroadcast(batch, shape.slice(0, -2)));
  const pairs = indexList(a.at(-1) ?? 0).map(
    (k) =>
      [
        { input: 0, index: [...left!, m, k] },
        { input: 1, index: [...right!, k, n] },
      ] as const,
  );
  return { kind: 'products', pairs };
};

const gemm: RecipeOf = (node, [m = 0, n = 0]) => ({
  kind: 'products',
  pairs: indexList(shapeAt(node, 0)[1] ?? 0).map((k) => [
    { input: 0, index: [m, k] },
    { input: 1, index: [n, k] },
  ]),
  ...(node.inputs.length > 2 && { bias: { input: 2, index: [n] } }),
});

const conv: RecipeOf = (node, [n = 0, d = 0, y = 0, x = 0]) => {
  const [, , height = 0, width = 0] = shapeAt(node, 0);
  const [out = 1, inner = 1, kh = 1, kw = 1] = shapeAt(node, 1);
  const [sy = 1, sx = 1] = intsAttribute(node.attributes, 'strides');
  const [top = 0, left = 0] = intsAttribute(node.attributes, 'pads');
  const first = Math.floor((d * intAttribute(node.attributes, 'group', 1)) / out) * inner;
  const pairs: [Source, Source][] = [];
  for (const c of indexList(inner))
    for (const ky of indexList(kh))
      for (const kx of indexList(kw)) {
        const [row, col] = [y * sy - top + ky, x * sx - left + kx];
        // A tap on the padding meets a zero: no product.
        if (row < 0 || row >= height || col < 0 || col >= width) continue;
        pairs.push([
          { input: 0, index: [n, first + c, row, col] },
          { input: 1, index: [d, c, ky, kx] },
        ]);
      }
  return { kind: 'products', pairs, ...(node.inputs.length > 2 && { bias: { input: 2, index: [d] } }) };
};

const maxPool: RecipeOf = (node, [n = 0, c = 0, y = 0, x = 0]) => {
  const [kh = 1, kw = 1] = intsAttribute(node.attributes, 'kernel_shape');
  const [sy = 1, sx = 1] = intsAttribute(node.attributes, 'strides');
  const [top = 0, left = 0] = node.attributes.pads ? intsAttribute(node.attributes, 'pads') : [];
  const [, , height = 0, width = 0] = shapeAt(node, 0);
  const of = indexList(kh).flatMap((ky) =>
    indexList(kw).map((kx) => ({ input: 0, index: [n, c, y * sy + ky - top, x * sx + kx - left] as const })),
  );
  // Padding is never the largest.
  const inside = of.filter(
    ({ index: [, , row, column] }) => row >= 0 && row < height && column >= 0 && column < width,
  );
  return { kind: 'gathered', how: 'max', of: inside };
};

/** Where the smallest along a dimension stands, which the result does not have any more. */
const argMin: RecipeOf = (node, index) => {
  const at = axis(node, 0);
  return {
    kind: 'gathered',
    how: 'argmin',
    of: along(node, [...index.slice(0, at), 0, ...index.slice(at)], at),
  };
};

const softmax: RecipeOf = (node, index) => {
  const at = axis(node, -1);
  return { kind: 'softmax', of: along(node, index, at), at: index[at] ?? 0 };
};

const layerNorm: RecipeOf = (node, index) => {
  const last = index.length - 1;
  const at = index[last] ?? 0;
  return {
    kind: 'norm',
    of: along(node, index, last),
    at,
    epsilon: epsilonOf(node),
    weight: { input: 1, index: [at] },
    ...(node.inputs.length > 2 && { bias: { input: 2, index: [at] } }),
  };
};

/** (x − mean) / √(variance + ε) · weight + bias, the four kept for each channel. */
const batchNorm: RecipeOf = (node, index) => {
  const epsilon = epsilonOf(node);
  const kept = [1, 2, 3, 4].map((input) => ({ input, index: [index[1] ?? 0] }));
  return {
    kind: 'apply',
    of: [{ input: 0, index }, ...kept],
    by: (x, weight, bias, mean, variance) =>
      ((x! - mean!) / Math.sqrt(variance! + epsilon)) * weight! + bias!,
    write: ([x, weight, bias, mean, variance], value) =>
      `(${x} − ${mean}) / √(${variance} + ${value(epsilon)}) × ${weight} + ${bias}`,
    strength: 'sum',
  };
};

/** Mean or sum over some dimensions. */
const reduce =
  (how: 'mean' | 'sum'): RecipeOf =>
  (node, index) => {
    const x = inputAt(node, 0);
    const named =
      how === 'mean' ? intsAttribute(node.attributes, 'axes') : integersOf(node.op, inputAt(node, 1));
    const axes = named.map((a) => axisOf(node.op, x, a));
    const keep = intAttribute(node.attributes, 'keepdims', 1) === 1;
    let of: number[][] = [[]];
    let next = 0;
    x.shape.forEach((size, d) => {
      const over = axes.includes(d);
      const here = over ? indexList(size) : [index[next] ?? 0];
      if (!over || keep) next++;
      of = of.flatMap((start) => here.map((i) => [...start, i]));
    });
    return { kind: 'gathered', how, of: of.map((i) => ({ input: 0, index: i })) };
  };

const reshape: RecipeOf = (node, index) => {
  const own = integersOf(node.op, inputAt(node, 1));
  return copy(unflat(flatOf(index, own), shapeAt(node, 0)));
};

const transpose: RecipeOf = (node, index) => {
  const perm = intsAttribute(node.attributes, 'perm');
  return copy(perm.map((_, d) => index[perm.indexOf(d)] ?? 0));
};

const concat: RecipeOf = (node, index) => {
  const at = axis(node, 0);
  let k = index[at] ?? 0;
  let input = 0;
  while (input < node.inputs.length - 1 && k >= (shapeAt(node, input)[at] ?? 0))
    k -= shapeAt(node, input++)[at] ?? 0;
  return copy(replaced(index, at, k), input);
};

const slice: RecipeOf = (node, index) => {
  const [starts, , axes] = [1, 2, 3].map((i) => integersOf(node.op, inputAt(node, i)));
  const from = [...index];
  axes?.forEach((a, i) => (from[axisOf(node.op, inputAt(node, 0), a)]! += starts?.[i] ?? 0));
  return copy(from);
};

const split: RecipeOf = (node, index, output) => {
  const at = axis(node, 0);
  const sizes = integersOf(node.op, inputAt(node, 1));
  const start = sizes.slice(0, output).reduce((a, b) => a + b, 0);
  return copy(replaced(index, at, (index[at] ?? 0) + start));
};

const gather: RecipeOf = (node, index) => {
  const at = axis(node, 0);
  const which = inputAt(node, 1);
  const rank = which.shape.length;
  const place = index.slice(at, at + rank);
  const row = (i: number) => [...index.slice(0, at), i, ...index.slice(at + rank)];
  if (which.data) return copy(row(Number(which.data[flatOf(place, which.shape)])));
  return { kind: 'chosen', by: { input: 1, index: place }, from: (i) => ({ input: 0, index: row(i) }) };
};

/** For each operation of the graph, how one cell of its result is made of cells of its inputs. */
export const RECIPES: Readonly<Record<string, RecipeOf>> = {
  ...elementwise,
  MatMul: matMul,
  Gemm: gemm,
  Conv: conv,
  MaxPool: maxPool,
  BatchNormalization: batchNorm,
  Softmax: softmax,
  LayerNormalization: layerNorm,
  ReduceMean: reduce('mean'),
  ReduceSum: reduce('sum'),
  ArgMin: argMin,
  Reshape: reshape,
  Transpose: transpose,
  Concat: concat,
  Slice: slice,
  Split: split,
  Gather: gather,
  Expand: (node, index) => copy(unbroadcast(index, shapeAt(node, 0))),
};
