import { GraphError } from './errors.ts';
import type { Graph } from './graph.ts';
import { prune } from './prune.ts';
import { matchGelu, matchLinear, matchRoll, scalarOf } from './torch-idioms.ts';
import { TORCH_OPS, type Rendered } from './torch-ops.ts';
import type { Value } from './types.ts';

/** Constants of at most this many values are written into the lines; longer ones are loaded. */
const MOST_WRITTEN = 16;
/** An expression longer than this gets a line and a name of its own. */
const MOST_INLINE = 72;

/** `variable = expression`, which makes one tensor of the graph. */
export interface TorchLine {
  readonly code: string;
  readonly value: Value;
}

/** Lines of PyTorch that make tensors, operation by operation and with nothing they do not need. */
export interface TorchLines {
  readonly lines: readonly TorchLine[];
  /** What must be there under its Python name: inputs of the graph, and those of the given tensors that are read. */
  readonly inputs: readonly Value[];
  /** Weights that are read as `w["name"]`. */
  readonly weights: readonly Value[];
  /** Constants too long to be written down: they are read as `w["name"]` as well. */
  readonly loaded: readonly { readonly name: string; readonly value: Value }[];
  /** The Python expression of a tensor that was asked for. */
  of(name: string): string;
}

/** A Python name for a tensor: `blocks.3.attn.q` → `blocks_3_attn_q`. */
export function pythonName(name: string): string {
  const plain = name.replace(/\W/g, '_');
  return /^[\d_]/.test(plain) ? `t${plain.startsWith('_') ? '' : '_'}${plain}` : plain;
}

/**
 * The lines that make some tensors of the graph.
 * @param given tensors that are there already, by name: the lines begin at them, not at the graph's inputs
 * @throws GraphError for an unknown name, for a tensor that is fed or given, or for an operation without a line in PyTorch
 */
export function torchLines(
  graph: Graph,
  names: readonly string[],
  given: readonly string[] = [],
): TorchLines {
  const there = new Set(given.map((name) => graph.value(name)));
  const targets = new Set(names.map((name) => graph.value(name)));
  for (const target of targets)
    if (target.kind !== 'node' || there.has(target))
      throw new GraphError(`${target.name} is not computed: there is no line that makes it.`);
  const { nodes, leaves } = prune(graph, names, there);
  const uses = new Map<Value, number>();
  for (const node of nodes) for (const v of node.inputs) uses.set(v, (uses.get(v) ?? 0) + 1);

  const loaded: { name: string; value: Value }[] = [];
  const seen = new Set<Value>();
  const weights = new Set<Value>();
  const lines: TorchLine[] = [];
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
    if (v.kind === 'input' || there.has(v)) return { text: pythonName(v.name), atom: true };
    if (v.kind !== 'node') return leaf(v);
    compute(v);
    return written.get(v)!;
  }
  function assign(v: Value, text: string): void {
    const variable = pythonName(v.name);
    lines.push({ code: `${variable} = ${text}`, value: v });
    written.set(v, { text: variable, atom: true });
  }
  function compute(v: Value): void {
    if (seen.has(v)) throw new GraphError(`${graph.name}: ${v.name} is computed from itself.`);
    seen.add(v);
    const rendered = expression(v);
    const short = rendered.text.length <= MOST_INLINE && uses.get(v) === 1;
    if (v.internal && short && !targets.has(v)) written.set(v, rendered);
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
    const roll = matchRoll(v, uses);
    if (roll) {
      const of = (list: readonly number[]) => (list.length === 1 ? String(list[0]) : `(${list.join(', ')})`);
      return {
        text: `torch.roll(${read(roll.x).text}, ${of(roll.shifts)}, dims=${of(roll.dims)})`,
        atom: true,
      };
    }
    const node = v.producer!;
    const write = TORCH_OPS[node.op];
    if (!write) throw new GraphError(`${node.op} has no line in PyTorch.`);
    return write({ node, output: v, read, scalar: scalarOf });
  }
  // In the order of computation, so that no branch of the graph makes the recursion deep.
  for (const node of nodes)
    for (const v of node.outputs)
      if (!v.internal && !written.has(v) && !there.has(v) && (targets.has(v) || uses.has(v))) compute(v);
  for (const target of targets) if (!written.has(target)) compute(target);

  return {
    lines,
    inputs: leaves.filter((v) => v.kind === 'input' || v.kind === 'node'),
    weights: [...weights],
    loaded,
    of: (name) => read(graph.value(name)).text,
  };
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
