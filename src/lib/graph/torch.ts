import { formatShape, GraphError } from './errors.ts';
import { prune } from './encode.ts';
import type { Graph } from './graph.ts';
import { matchGelu, matchLinear, scalarOf } from './torch-idioms.ts';
import { TORCH_OPS, type Rendered } from './torch-ops.ts';
import type { Value } from './types.ts';

/** Constants of at most this many values are written into the script; longer ones are loaded. */
const MOST_WRITTEN = 16;
/** An expression longer than this gets a line and a name of its own. */
const MOST_INLINE = 72;

export interface TorchOptions {
  /** What the script is about, for its first line: `a model at patch 16`. */
  readonly title: string;
  /**
   * Files the script loads, in this order, later ones over earlier ones. They hold the weights the graph names, the
   * inputs, and the values of `loaded`. Without files the script runs on PyTorch's meta device: shapes alone.
   */
  readonly files?: readonly string[];
}

export interface TorchScript {
  readonly code: string;
  /** Constants too long to be written down: the script loads them under these names. */
  readonly loaded: readonly { readonly name: string; readonly value: Value }[];
  /** Inputs of the graph the script needs. */
  readonly inputs: readonly string[];
  /** Weights it needs. */
  readonly weights: readonly string[];
}

/** A Python name for a tensor: `blocks.3.attn.q` → `blocks_3_attn_q`. */
export function pythonName(name: string): string {
  const plain = name.replace(/\W/g, '_');
  return /^[\d_]/.test(plain) ? `t${plain.startsWith('_') ? '' : '_'}${plain}` : plain;
}

/**
 * A PyTorch script that computes one tensor of the graph, operation by operation and with nothing it does not need.
 * `result` is the tensor; where the files hold a tensor called `expected`, the script compares the two.
 * Throws GraphError for an unknown name, an input that is asked for, or an operation without a line in PyTorch.
 */
export function torchScript(graph: Graph, name: string, options: TorchOptions): TorchScript {
  const target = graph.value(name);
  if (target.kind !== 'node')
    throw new GraphError(`${name} is not computed: there is no line that makes it.`);
  const { nodes, leaves } = prune(graph, [name]);
  const uses = new Map<Value, number>();
  for (const node of nodes) for (const v of node.inputs) uses.set(v, (uses.get(v) ?? 0) + 1);

  const files = options.files ?? [];
  const inputs = leaves.filter((v) => v.kind === 'input');
  const loaded: { name: string; value: Value }[] = [];
  const seen = new Set<Value>();
  const weights = new Set<Value>();
  const lines: string[] = [];
  const written = new Map<Value, Rendered>();

  const stored = (key: string): Rendered => ({ text: `w[${JSON.stringify(key)}]`, atom: true });
  function leaf(v: Value): Rendered {
    if (v.kind === 'weight') {
      weights.add(v);
      return stored(v.name);
    }
    const data = Array.from(v.data ?? []);
    if (v.shape.length === 0) return { text: number(data[0] ?? 0), atom: (data[0] ?? 0) >= 0 };
    if (data.length <= MOST_WRITTEN) {
      const list = `torch.tensor([${data.map(number).join(', ')}])`;
      return { text: v.shape.length === 1 ? list : `${list}.reshape(${v.shape.join(', ')})`, atom: true };
    }
    const key = `constant.${v.name.replace(/^_/, '')}`;
    if (!loaded.some((l) => l.value === v)) loaded.push({ name: key, value: v });
    return stored(key);
  }
  function read(v: Value): Rendered {
    const known = written.get(v);
    if (known) return known;
    if (v.kind === 'input') return { text: pythonName(v.name), atom: true };
    if (v.kind !== 'node') return leaf(v);
    compute(v);
    return written.get(v)!;
  }
  function assign(v: Value, text: string): void {
    const variable = pythonName(v.name);
    const shape = v.internal ? '' : `  # ${formatShape({ shape: v.shape, dims: v.shape.map(String) })}`;
    lines.push(`${variable} = ${text}${shape}`);
    written.set(v, { text: variable, atom: true });
  }
  function compute(v: Value): void {
    if (seen.has(v)) throw new GraphError(`${graph.name}: ${v.name} is computed from itself.`);
    seen.add(v);
    const rendered = expression(v);
    const short = rendered.text.length <= MOST_INLINE && uses.get(v) === 1;
    if (v.internal && short && v !== target) written.set(v, rendered);
    else assign(v, rendered.text);
  }
  function expression(v: Value): Rendered {
    const linear = matchLinear(v, uses);
    if (linear) {
      const args = [linear.x, linear.weight, ...(linear.bias ? [linear.bias] : [])].map((a) => read(a).text);
      return { text: `F.linear(${args.join(', ')})`, atom: true };
    }
    const gelu = matchGelu(v);
    if (gelu) {
      const kind = gelu.kind === 'tanh' ? ', approximate="tanh"' : '';
      return { text: `F.gelu(${read(gelu.x).text}${kind})`, atom: true };
    }
    const node = v.producer!;
    const write = TORCH_OPS[node.op];
    if (!write) throw new GraphError(`${node.op} has no line in PyTorch.`);
    return write({ node, output: v, read, scalar: scalarOf });
  }
  // In the order of computation, so that no branch of the graph makes the recursion deep.
  for (const node of nodes) {
    for (const v of node.outputs) if (!v.internal && !written.has(v) && needed(v, uses, target)) compute(v);
  }
  if (!written.has(target)) compute(target);

  const shape = formatShape(target);
  const head = [
    `# ${name} ${shape} of ${options.title}`,
    'import torch',
    'import torch.nn.functional as F',
    ...(files.length > 0 ? ['from safetensors.torch import load_file'] : []),
    '',
    ...(files.length > 0 ? fromFiles(files) : fromMeta([...weights], loaded)),
    ...inputs.map((v) => inputLine(v, files.length > 0)),
    '',
  ];
  const result = written.get(target)!.text;
  const tail = ['', `result = ${result}`, 'print(tuple(result.shape))'];
  if (files.length > 0) {
    tail.push(
      'if "expected" in w:',
      '    difference = (result - w["expected"].reshape(result.shape)).abs().max().item()',
      '    print(f"largest difference to the page: {difference:.2e}")',
    );
  }
  return {
    code: [...head, ...lines, ...tail, ''].join('\n'),
    loaded,
    inputs: inputs.map((v) => v.name),
    weights: [...weights].map((v) => v.name),
  };
}

function needed(v: Value, uses: ReadonlyMap<Value, number>, target: Value): boolean {
  return v === target || uses.has(v);
}

/** Weights stored in 8 bits become the halves the page computes with (src/lib/weights/eight-bit.ts). */
const WIDEN = [
  '# Weights in 8 bits a value: times the scale of their channel, rounded to a half.',
  'for key in [k for k in w if k.endswith(".scale") and w.get(k[:-6], w[k]).dtype == torch.int8]:',
  '    scale, value = w.pop(key).float(), w[key[:-6]].float()',
  '    w[key[:-6]] = (value * scale.reshape(-1, *[1] * (value.dim() - 1))).half()',
];

function fromFiles(files: readonly string[]): string[] {
  const [first, ...more] = files;
  return [
    `w = load_file(${JSON.stringify(first)})`,
    ...WIDEN,
    ...more.map((file) => `w.update(load_file(${JSON.stringify(file)}))`),
    'w = {name: value.float() if value.is_floating_point() else value for name, value in w.items()}',
  ];
}

function fromMeta(
  weights: readonly Value[],
  loaded: readonly { readonly name: string; readonly value: Value }[],
): string[] {
  const shapes = [
    ...weights.map((v): [string, Value] => [v.name, v]),
    ...loaded.map((l): [string, Value] => [l.name, l.value]),
  ];
  return [
    '# Shapes only: the meta device keeps no values.',
    'torch.set_default_device("meta")',
    'w = {name: torch.empty(shape) for name, shape in {',
    ...shapes.map(([key, v]) => `    ${JSON.stringify(key)}: ${tuple(v.shape)},`),
    '}.items()}',
  ];
}

function inputLine(v: Value, given: boolean): string {
  const type = v.dtype === 'int64' ? ', dtype=torch.int64' : '';
  const source = given
    ? `w[${JSON.stringify(v.name)}].reshape(${tuple(v.shape)})`
    : `torch.empty(${tuple(v.shape)}${type})`;
  return `${pythonName(v.name)} = ${source}${given && type ? '.long()' : ''}`;
}

function tuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/** A number as Python reads it back to the same float32. */
function number(v: number): string {
  if (Number.isNaN(v)) return 'float("nan")';
  if (!Number.isFinite(v)) return `float("${v < 0 ? '-' : ''}inf")`;
  for (let digits = 1; digits < 10; digits++) {
    const text = String(Number(v.toPrecision(digits)));
    if (Math.fround(Number(text)) === Math.fround(v)) return text;
  }
  return String(v);
}
