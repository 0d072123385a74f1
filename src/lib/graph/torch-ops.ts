import { GraphError } from './errors.ts';
import { axisOf, integersOf, intAttribute, intsAttribute, operand } from './ops/spec.ts';
import type { Node, Value } from './types.ts';

/** A Python expression; `atom` says that a method or an operator may follow it without brackets. */
export interface Rendered {
  readonly text: string;
  readonly atom: boolean;
}

export interface TorchContext {
  readonly node: Node;
  /** The result that is wanted, of those the node has. */
  readonly output: Value;
  /** The expression of an operand. */
  readonly read: (v: Value) => Rendered;
  /** The number of a scalar constant. */
  readonly scalar: (v: Value | undefined) => number | undefined;
}
type Writer = (c: TorchContext) => Rendered;

const call = (text: string): Rendered => ({ text, atom: true });
const wrapped = (r: Rendered): string => (r.atom ? r.text : `(${r.text})`);
const input = ({ node }: TorchContext, i: number): Value => operand(node.op, node.inputs, i);
const arg = (c: TorchContext, i: number): string => c.read(input(c, i)).text;
const receiver = (c: TorchContext, i: number): string => {
  const r = c.read(input(c, i));
  return /^-?[\d.]/.test(r.text) ? `torch.tensor(${r.text})` : wrapped(r);
};
const axis = (c: TorchContext, fallback: number): number =>
  axisOf(c.node.op, input(c, 0), intAttribute(c.node.attributes, 'axis', fallback));

const binary =
  (sign: string): Writer =>
  (c) => ({ text: `${wrapped(c.read(input(c, 0)))} ${sign} ${wrapped(c.read(input(c, 1)))}`, atom: false });
const unary =
  (name: string): Writer =>
  (c) =>
    call(`${name}(${arg(c, 0)})`);

const gemm: Writer = (c) => {
  const { attributes, inputs } = c.node;
  for (const factor of ['alpha', 'beta']) {
    const a = attributes[factor];
    if (a && 'f' in a && a.f !== 1)
      throw new GraphError(`Gemm with ${factor} ${a.f} has no line in PyTorch.`);
  }
  if (intAttribute(attributes, 'transB', 0) === 1 && intAttribute(attributes, 'transA', 0) === 0) {
    return call(`F.linear(${inputs.map((_, i) => arg(c, i)).join(', ')})`);
  }
  const side = (i: number, flag: string) =>
    intAttribute(attributes, flag, 0) === 1 ? `${receiver(c, i)}.T` : wrapped(c.read(input(c, i)));
  const bias = inputs.length > 2 ? ` + ${wrapped(c.read(input(c, 2)))}` : '';
  return { text: `${side(0, 'transA')} @ ${side(1, 'transB')}${bias}`, atom: false };
};

const conv: Writer = (c) => {
  const { attributes, inputs } = c.node;
  const [top = 0, left = 0, bottom = 0, right = 0] = intsAttribute(attributes, 'pads');
  const [sy = 1, sx = 1] = intsAttribute(attributes, 'strides');
  const group = intAttribute(attributes, 'group', 1);
  const even = top === bottom && left === right;
  const x = even ? arg(c, 0) : `F.pad(${arg(c, 0)}, (${left}, ${right}, ${top}, ${bottom}))`;
  const rest = inputs.slice(1).map((_, i) => arg(c, i + 1));
  const options = [
    `stride=${sy === sx ? sy : `(${sy}, ${sx})`}`,
    ...(even && (top || left) ? [`padding=${top === left ? top : `(${top}, ${left})`}`] : []),
    ...(group > 1 ? [`groups=${group}`] : []),
  ];
  return call(`F.conv2d(${[x, ...rest, ...options].join(', ')})`);
};

const epsilonOf = (c: TorchContext): number => {
  const { epsilon } = c.node.attributes;
  return epsilon && 'f' in epsilon ? epsilon.f : 1e-5;
};

const layerNorm: Writer = (c) => {
  const bias = c.node.inputs.length > 2 ? arg(c, 2) : 'None';
  return call(
    `F.layer_norm(${arg(c, 0)}, (${input(c, 0).shape.at(-1)},), ${arg(c, 1)}, ${bias}, ${epsilonOf(c)})`,
  );
};

const maxPool: Writer = (c) => {
  const [kernel, stride] = ['kernel_shape', 'strides'].map((name) => {
    const [y = 1, x = 1] = intsAttribute(c.node.attributes, name);
    return y === x ? String(y) : `(${y}, ${x})`;
  });
  const [top = 0, left = 0] = c.node.attributes.pads ? intsAttribute(c.node.attributes, 'pads') : [];
  const padding = top > 0 || left > 0 ? `, padding=${top === left ? top : `(${top}, ${left})`}` : '';
  return call(
    `F.max_pool2d(${arg(c, 0)}, ${kernel}${stride === kernel ? '' : `, stride=${stride}`}${padding})`,
  );
};

/** PyTorch's order is x, mean, variance, weight, bias. */
const batchNorm: Writer = (c) => {
  const parts = [0, 3, 4, 1, 2].map((i) => arg(c, i));
  return call(`F.batch_norm(${parts.join(', ')}, eps=${epsilonOf(c)})`);
};

const reduce =
  (method: string, axesOf: (c: TorchContext) => readonly number[]): Writer =>
  (c) => {
    const axes = axesOf(c);
    const keep = intAttribute(c.node.attributes, 'keepdims', 1) === 1 ? ', keepdim=True' : '';
    const dim = axes.length === 1 ? String(axes[0]) : `(${axes.join(', ')})`;
    return call(`${receiver(c, 0)}.${method}(dim=${dim}${keep})`);
  };

const slice: Writer = (c) => {
  const x = input(c, 0);
  const [starts, ends, axes] = [1, 2, 3].map((i) => integersOf('Slice', input(c, i)));
  const parts = x.shape.map(() => ':');
  axes?.forEach((at, i) => (parts[axisOf('Slice', x, at)] = `${starts?.[i]}:${ends?.[i]}`));
  return call(`${receiver(c, 0)}[${parts.join(', ')}]`);
};

const gather: Writer = (c) => {
  const at = axis(c, 0);
  const index = input(c, 1);
  const { data } = index;
  if (!data) return call(`${receiver(c, 0)}[${[...Array<string>(at).fill(':'), arg(c, 1)].join(', ')}]`);
  if (index.shape.length === 0) return call(`${receiver(c, 0)}.select(${at}, ${data[0]})`);
  // A long list is loaded, and files of weights hold no integers.
  const list = arg(c, 1);
  const where = list.startsWith('w[') ? `${list}.long()` : list;
  if (index.shape.length === 1) return call(`${receiver(c, 0)}.index_select(${at}, ${where})`);
  return call(`${receiver(c, 0)}[${[...Array<string>(at).fill(':'), where].join(', ')}]`);
};

const split: Writer = (c) => {
  const sizes = integersOf('Split', input(c, 1));
  const at = axis(c, 0);
  return call(
    `${receiver(c, 0)}.split([${sizes.join(', ')}], dim=${at})[${c.node.outputs.indexOf(c.output)}]`,
  );
};

const TYPES: Readonly<Record<Value['dtype'], string>> = {
  float32: 'torch.float32',
  float16: 'torch.float16',
  bfloat16: 'torch.bfloat16',
  int64: 'torch.int64',
  int32: 'torch.int32',
  uint8: 'torch.uint8',
  bool: 'torch.bool',
};

/** How each operation of the op table is written in PyTorch. */
export const TORCH_OPS: Readonly<Record<string, Writer>> = {
  Add: binary('+'),
  Sub: binary('-'),
  Mul: binary('*'),
  Div: binary('/'),
  Pow: binary('**'),
  MatMul: binary('@'),
  Abs: unary('torch.abs'),
  Cos: unary('torch.cos'),
  Erf: unary('torch.erf'),
  Exp: unary('torch.exp'),
  Floor: unary('torch.floor'),
  Log: unary('torch.log'),
  Neg: unary('torch.neg'),
  Reciprocal: unary('torch.reciprocal'),
  Relu: unary('torch.relu'),
  Sigmoid: unary('torch.sigmoid'),
  Sin: unary('torch.sin'),
  Sqrt: unary('torch.sqrt'),
  Tanh: unary('torch.tanh'),
  Identity: (c) => c.read(input(c, 0)),
  Cast: (c) => call(`${receiver(c, 0)}.to(${TYPES[c.output.dtype]})`),
  Where: (c) => call(`torch.where(${arg(c, 0)}, ${arg(c, 1)}, ${arg(c, 2)})`),
  Gemm: gemm,
  Conv: conv,
  MaxPool: maxPool,
  BatchNormalization: batchNorm,
  Softmax: (c) => call(`torch.softmax(${arg(c, 0)}, dim=${intAttribute(c.node.attributes, 'axis', -1)})`),
  LayerNormalization: layerNorm,
  ReduceMean: reduce('mean', (c) => intsAttribute(c.node.attributes, 'axes')),
  ReduceSum: reduce('sum', (c) => integersOf('ReduceSum', input(c, 1))),
  ArgMin: (c) => call(`${receiver(c, 0)}.argmin(dim=${axis(c, 0)})`),
  Reshape: (c) => call(`${receiver(c, 0)}.reshape(${c.output.shape.join(', ')})`),
  Transpose: (c) => call(`${receiver(c, 0)}.permute(${intsAttribute(c.node.attributes, 'perm').join(', ')})`),
  Concat: (c) => call(`torch.cat([${c.node.inputs.map((_, i) => arg(c, i)).join(', ')}], dim=${axis(c, 0)})`),
  Slice: slice,
  Split: split,
  Gather: gather,
  Expand: (c) => call(`${receiver(c, 0)}.expand(${c.output.shape.join(', ')})`),
};
