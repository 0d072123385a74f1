import { sizeOf } from '#lib/base/tensor.ts';
import { GraphError } from './errors.ts';
import type { Graph } from './graph.ts';
import { stridesOf } from './ops/spec.ts';
import type { Node, Value } from './types.ts';

/** A plain array in double precision, row-major. */
export interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** All indices of a shape, in row-major order. */
export function indicesOf(shape: readonly number[]): number[][] {
  const strides = stridesOf(shape);
  return Array.from({ length: sizeOf(shape) }, (_, flat) =>
    shape.map((n, i) => Math.floor(flat / (strides[i] ?? 1)) % n),
  );
}

/** The cell at an index; leading dimensions that the array lacks are skipped, a size of 1 is always index 0. */
export function at(a: Plain, index: readonly number[]): number {
  const skip = index.length - a.shape.length;
  const strides = stridesOf(a.shape);
  const flat = a.shape.reduce(
    (sum, n, i) => sum + (n === 1 ? 0 : (index[i + skip] ?? 0)) * (strides[i] ?? 0),
    0,
  );
  return a.data[flat] ?? NaN;
}

export function fill(shape: readonly number[], cell: (index: number[]) => number): Plain {
  return { shape, data: indicesOf(shape).map(cell) };
}

/** Error function, by its series (|x| < 3) or continued fraction; good to 1e-12. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 3) {
    let term = a;
    let sum = a;
    for (let n = 1; n < 80; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let f = 0;
  for (let n = 60; n > 0; n--) f = n / 2 / (a + f);
  return Math.sign(x) * (1 - Math.exp(-a * a) / ((a + f) * Math.sqrt(Math.PI)));
}

const CELLS: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Abs: Math.abs,
  Cos: Math.cos,
  Sin: Math.sin,
  Exp: Math.exp,
  Floor: Math.floor,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Tanh: Math.tanh,
  Erf: erf,
  Identity: (a) => a,
  Neg: (a) => -a,
  Reciprocal: (a) => 1 / a,
  Relu: (a) => Math.max(a, 0),
  Sigmoid: (a) => 1 / (1 + Math.exp(-a)),
};

const replaced = (index: readonly number[], i: number, v: number) => index.map((n, j) => (j === i ? v : n));
const total = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0);

function compute(node: Node, out: Value, inputs: readonly Plain[]): Plain {
  const [a = { shape: [], data: [] }, b = a, c = b] = inputs;
  const { shape } = out;
  const attr = (name: string, fallback: number): number => {
    const v = node.attributes[name];
    return v && 'i' in v ? v.i : v && 'f' in v ? v.f : fallback;
  };
  const ints = (name: string): readonly number[] => {
    const v = node.attributes[name];
    return v && 'ints' in v ? v.ints : [];
  };
  const axis = (attr('axis', 0) + a.shape.length) % Math.max(1, a.shape.length);
  const along = (index: readonly number[], i: number) =>
    Array.from({ length: a.shape[i] ?? 1 }, (_, k) => at(a, replaced(index, i, k)));

  const cell = CELLS[node.op];
  if (cell) return fill(shape, (i) => cell(at(a, i), at(b, i)));
  switch (node.op) {
    case 'Cast':
      if (out.dtype === 'bool') return fill(shape, (i) => Number(at(a, i) !== 0));
      return fill(shape, (i) => (out.dtype.startsWith('int') ? Math.trunc(at(a, i)) : at(a, i)));
    case 'Where':
      return fill(shape, (i) => (at(a, i) ? at(b, i) : at(c, i)));
    case 'MatMul':
      return fill(shape, (i) => {
        const [m = 0, n = 0] = i.slice(-2);
        const batch = i.slice(0, -2);
        const inner = a.shape.at(-1) ?? 0;
        return total(
          Array.from({ length: inner }, (_, k) => at(a, [...batch, m, k]) * at(b, [...batch, k, n])),
        );
      });
    case 'Gemm':
      return fill(shape, ([m = 0, n = 0]) => {
        const inner = a.shape[1] ?? 0;
        const products = Array.from({ length: inner }, (_, k) => at(a, [m, k]) * at(b, [n, k]));
        return total(products) + (inputs.length > 2 ? at(c, [n]) : 0);
      });
    case 'Conv': {
      const [sy = 1, sx = 1] = ints('strides');
      const [top = 0, left = 0] = ints('pads');
      const [out0 = 1, inner = 1] = b.shape;
      const [, , height = 0, width = 0] = a.shape;
      return fill(shape, ([n = 0, d = 0, y = 0, x = 0]) => {
        const first = Math.floor((d * attr('group', 1)) / out0) * inner;
        const terms = indicesOf(b.shape.slice(1)).map(([ch = 0, ky = 0, kx = 0]) => {
          const row = y * sy - top + ky;
          const col = x * sx - left + kx;
          const inside = row >= 0 && row < height && col >= 0 && col < width;
          return inside ? at(a, [n, first + ch, row, col]) * at(b, [d, ch, ky, kx]) : 0;
        });
        return total(terms) + (inputs.length > 2 ? at(c, [d]) : 0);
      });
    }
    case 'MaxPool': {
      const [sy = 1, sx = 1] = ints('strides');
      const [top = 0, left = 0] = node.attributes.pads ? ints('pads') : [];
      const [, , height = 0, width = 0] = a.shape;
      return fill(shape, (i) => {
        const window = indicesOf(ints('kernel_shape')).map(([ky = 0, kx = 0]) => {
          const [y, x] = [(i[2] ?? 0) * sy + ky - top, (i[3] ?? 0) * sx + kx - left];
          const inside = y >= 0 && y < height && x >= 0 && x < width;
          return inside ? at(a, [i[0] ?? 0, i[1] ?? 0, y, x]) : -Infinity;
        });
        return Math.max(...window);
      });
    }
    case 'BatchNormalization':
      return fill(shape, (i) => {
        const [gamma, beta, mean, variance] = inputs.slice(1).map((p) => at(p, [i[1] ?? 0])) as [
          number,
          number,
          number,
          number,
        ];
        return ((at(a, i) - mean) / Math.sqrt(variance + attr('epsilon', 1e-5))) * gamma + beta;
      });
    case 'Softmax':
      return fill(shape, (i) => {
        const row = along(i, axis);
        const top = Math.max(...row);
        return Math.exp(at(a, i) - top) / total(row.map((v) => Math.exp(v - top)));
      });
    case 'LayerNormalization':
      return fill(shape, (i) => {
        const row = along(i, shape.length - 1);
        const mean = total(row) / row.length;
        const variance = total(row.map((v) => (v - mean) ** 2)) / row.length;
        const bias = inputs.length > 2 ? at(c, i.slice(-1)) : 0;
        return ((at(a, i) - mean) / Math.sqrt(variance + attr('epsilon', 1e-5))) * at(b, i.slice(-1)) + bias;
      });
    case 'ReduceMean':
    case 'ReduceSum': {
      const axes = node.op === 'ReduceMean' ? ints('axes') : b.data;
      const keep = attr('keepdims', 1) === 1;
      const kept = a.shape.map((_, i) => i).filter((i) => keep || !axes.includes(i));
      return fill(shape, (i) => {
        const cells = indicesOf(a.shape).filter((j) =>
          kept.every((d, k) => axes.includes(d) || j[d] === i[k]),
        );
        const sum = total(cells.map((j) => at(a, j)));
        return node.op === 'ReduceMean' ? sum / cells.length : sum;
      });
    }
    case 'ArgMin': {
      const axis = attr('axis', 0);
      return fill(shape, (i) => {
        const along = Array.from({ length: a.shape[axis] ?? 1 }, (_, k) =>
          at(a, [...i.slice(0, axis), k, ...i.slice(axis)]),
        );
        return along.indexOf(Math.min(...along));
      });
    }
    case 'Reshape':
      return { shape, data: a.data };
    case 'Transpose': {
      const perm = ints('perm');
      return fill(shape, (i) =>
        at(
          a,
          perm.map((_, d) => i[perm.indexOf(d)] ?? 0),
        ),
      );
    }
    case 'Concat':
      return fill(shape, (i) => {
        let k = i[axis] ?? 0;
        const part = inputs.find((x) => {
          const here = k < (x.shape[axis] ?? 0);
          if (!here) k -= x.shape[axis] ?? 0;
          return here;
        });
        return at(part ?? a, replaced(i, axis, k));
      });
    case 'Slice':
      return fill(shape, (i) =>
        at(a, replaced(i, inputs[3]?.data[0] ?? 0, (i[inputs[3]?.data[0] ?? 0] ?? 0) + (b.data[0] ?? 0))),
      );
    case 'Split': {
      const start = total(b.data.slice(0, node.outputs.indexOf(out)));
      return fill(shape, (i) => at(a, replaced(i, axis, (i[axis] ?? 0) + start)));
    }
    case 'Gather':
      return fill(shape, (i) => {
        const rank = b.shape.length;
        return at(a, [...i.slice(0, axis), at(b, i.slice(axis, axis + rank)), ...i.slice(axis + rank)]);
      });
    case 'Expand':
      return fill(shape, (i) => at(a, i));
    default:
      throw new GraphError(`No reference for ${node.op}.`);
  }
}

/** Every value of a graph, computed by definition in double precision. For tests: slow and plain. */
export function evaluate(
  graph: Graph,
  leaves: Readonly<Record<string, readonly number[]>>,
): Map<string, Plain> {
  const known = new Map<string, Plain>();
  for (const v of graph.values.values()) {
    if (v.kind === 'node') continue;
    const data = v.data ? Array.from(v.data) : leaves[v.name];
    if (data) known.set(v.name, { shape: v.shape, data });
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((v) => known.get(v.name));
    if (inputs.some((x) => x === undefined)) continue;
    for (const out of node.outputs) known.set(out.name, compute(node, out, inputs as Plain[]));
  }
  return known;
}
