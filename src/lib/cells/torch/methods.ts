import type * as acorn from 'acorn';
import {
  asInt,
  atom,
  held,
  INT,
  isNumeric,
  listOf,
  NoLine,
  NUMBER,
  TENSOR,
  type Kind,
  type Py,
} from './kinds.ts';

type Write = (node: acorn.Node, on: Py, args: readonly Py[]) => Py;

/** A dimension as PyTorch takes it: a number, or a name that the tensor's dimensions have once. */
function dimOf(node: acorn.Node, on: Py, dim: Py): string {
  if (isNumeric(dim.kind)) return asInt(dim);
  const dims = on.kind.is === 'tensor' ? (on.kind.dims ?? []) : [];
  const at = dims.flatMap((name, k) => (name === dim.known ? [k] : []));
  if (at.length !== 1) throw new NoLine(node);
  return String(at[0]);
}
/** Dimensions that are left when one is taken out. */
const without = (kind: Kind, dim: string): Kind => {
  if (kind.is !== 'tensor' || !kind.dims) return TENSOR;
  const k = Number(dim) < 0 ? kind.dims.length + Number(dim) : Number(dim);
  return { is: 'tensor', dims: kind.dims.filter((_, i) => i !== k) };
};

/** A reduction: `whole` of all values, which is a number, and `along` one dimension. */
const reduction =
  (whole: string, along: string): Write =>
  (node, on, [dim]) => {
    if (!dim) return atom(`${held(on, 3)}.${whole}().item()`, whole === 'argmax' ? INT : NUMBER);
    const k = dimOf(node, on, dim);
    return atom(`${held(on, 3)}.${along}(${k})`, without(on.kind, k));
  };
const sum = (sign: '+' | '-' | '*'): Write => {
  const holds = sign === '*' ? 2 : 1;
  return (node, on, [other]) => {
    if (!other) throw new NoLine(node);
    const right = held(other, sign === '+' ? 1 : sign === '-' ? 2 : 3);
    return {
      text: `${held(on, holds)} ${sign} ${right}`,
      kind: on.kind.is === 'tensor' ? on.kind : TENSOR,
      holds,
    };
  };
};

/** A cut of one dimension: an index, a stretch, or all of it. */
function cutOf(node: acorn.Node, cut: Py): { readonly text: string; readonly one: boolean } {
  if (cut.known === null || cut.known === ':') return { text: ':', one: false };
  if (isNumeric(cut.kind)) return { text: asInt(cut), one: true };
  if (cut.kind.is !== 'list') throw new NoLine(node);
  const pair = /^\[([^,[\]]+), ([^,[\]]+)\]$/.exec(cut.text);
  return { text: pair ? `${pair[1]}:${pair[2]}` : `slice(*${held(cut, 3)})`, one: false };
}

/** Methods that only tensors have, and what they are in PyTorch. */
const TENSOR_METHODS: Readonly<Record<string, Write>> = {
  plus: sum('+'),
  minus: sum('-'),
  times: sum('*'),
  sum: reduction('sum', 'sum'),
  mean: reduction('mean', 'mean'),
  max: reduction('max', 'amax'),
  min: reduction('min', 'amin'),
  argmax: reduction('argmax', 'argmax'),
  softmax: (node, on, [dim, temperature]) => {
    const k = dim ? dimOf(node, on, dim) : '-1';
    const of = temperature ? `${held(on, 2)} / ${held(temperature, 3)}` : on.text;
    return atom(`torch.softmax(${of}, dim=${k})`, on.kind);
  },
  reshape: (node, on, [shape]) => {
    if (shape?.kind.is !== 'list') throw new NoLine(node);
    return atom(`${held(on, 3)}.reshape(${shape.text})`, TENSOR);
  },
  transpose: (_, on) => atom(`${held(on, 3)}.transpose(-2, -1)`, TENSOR),
  matmul: (node, on, [other]) => {
    if (!other) throw new NoLine(node);
    return { text: `${held(on, 2)} @ ${held(other, 3)}`, kind: TENSOR, holds: 2 };
  },
  toArray: (_, on) => atom(`${held(on, 3)}.tolist()`, listOf(NUMBER)),
};
/** Methods that lists have as well: the receiver must be known to be a tensor. */
const SHARED_METHODS: Readonly<Record<string, Write>> = {
  at: (_, on, index) => atom(`${held(on, 3)}[${index.map(asInt).join(', ')}].item()`, NUMBER),
  slice: (node, on, cuts) => {
    if (cuts.length === 0) return on;
    const read = cuts.map((cut) => cutOf(node, cut));
    const dims =
      on.kind.is === 'tensor' && on.kind.dims ? on.kind.dims.filter((_, k) => !read[k]?.one) : undefined;
    return atom(`${held(on, 3)}[${read.map(({ text }) => text).join(', ')}]`, { is: 'tensor', dims });
  },
};

/** Whether only tensors have a method of that name. */
export const isTensorMethod = (name: string): boolean => Object.hasOwn(TENSOR_METHODS, name);

/** A method of a tensor; undefined where it has no counterpart that is a method. */
export function tensorMethod(node: acorn.Node, on: Py, name: string, args: readonly Py[]): Py | undefined {
  const write = isTensorMethod(name) ? TENSOR_METHODS[name] : undefined;
  if (write && (on.kind.is === 'tensor' || on.kind.is === 'unknown')) return write(node, on, args);
  const shared = Object.hasOwn(SHARED_METHODS, name) ? SHARED_METHODS[name] : undefined;
  return shared && on.kind.is === 'tensor' ? shared(node, on, args) : undefined;
}

/** A property of a tensor. */
export function tensorProperty(on: Py, name: string): Py | undefined {
  if (on.kind.is !== 'tensor') return undefined;
  if (name === 'values') return atom(`${held(on, 3)}.flatten()`, TENSOR);
  if (name === 'size') return atom(`${held(on, 3)}.numel()`, INT);
  return name === 'shape' ? atom(`${held(on, 3)}.shape`, listOf(INT)) : undefined;
}

/** Functions of `Math`: of numbers, and of each value of a tensor. */
export function mathCall(node: acorn.Node, name: string, args: readonly Py[]): Py {
  const [a, b] = args;
  if (!a) throw new NoLine(node);
  const tensor = args.find(({ kind }) => kind.is === 'tensor');
  if (tensor && ['max', 'min'].includes(name) && a && b && args.length === 2) {
    const [whole, bound] = a.kind.is === 'tensor' ? [a, b] : [b, a];
    if (bound.kind.is === 'tensor') return atom(`torch.${name}imum(${a.text}, ${b.text})`, TENSOR);
    return atom(`${held(whole, 3)}.clamp(${name === 'max' ? 'min' : 'max'}=${bound.text})`, whole.kind);
  }
  if (tensor && a === tensor && ['abs', 'sqrt', 'exp', 'log', 'floor', 'sin', 'cos', 'tanh'].includes(name))
    return atom(`${held(a, 3)}.${name}()`, a.kind);
  if (tensor) throw new NoLine(node);
  const texts = args.map(({ text }) => text).join(', ');
  const ints = args.every(({ kind }) => kind.is === 'int') ? INT : NUMBER;
  if (['max', 'min', 'abs'].includes(name)) return atom(`${name}(${texts})`, ints);
  if (name === 'floor' || name === 'ceil') return atom(`math.${name}(${texts})`, INT);
  if (
    name === 'hypot' ||
    ['sqrt', 'exp', 'log', 'sin', 'cos', 'tanh', 'log2', 'log10', 'expm1'].includes(name)
  )
    return atom(`math.${name}(${texts})`, NUMBER);
  throw new NoLine(node);
}
