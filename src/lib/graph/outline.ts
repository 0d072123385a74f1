import type { Graph } from './graph.ts';
import type { Value } from './types.ts';

/** A named tensor as a node: what makes it, and what it is made with. */
export interface OutlineNode {
  /** The tensor's name, and the node's. */
  readonly name: string;
  readonly value: Value;
  /** ONNX types of all operations between the named tensors before it and this one, in the order of computation. */
  readonly ops: readonly string[];
  /** Weights first used here. */
  readonly weights: readonly Value[];
  /** True for a tensor that stands outside what was asked for and feeds it: its own operands are left out. */
  readonly boundary: boolean;
  /** Longest way from a node without operands, in edges. */
  readonly rank: number;
}

/** The tensor `from` is read to make the tensor `to`. */
export interface OutlineEdge {
  readonly from: string;
  readonly to: string;
  /** Whether another way leads from `from` to `to` as well: a residual path, a long skip. */
  readonly skip: boolean;
}

/** A graph as its named tensors: helpers, constants and weights are folded into the tensors they serve. */
export interface Outline {
  /** In the order of computation. */
  readonly nodes: readonly OutlineNode[];
  /** Ordered by `to`, then by operand. */
  readonly edges: readonly OutlineEdge[];
}

export interface OutlineOptions {
  /** Which tensors are wanted, by name; those they read stand at the boundary. Default: all. */
  readonly within?: (name: string) => boolean;
  /** Fed tensors that are left out, such as the inputs of interventions. Default: none. */
  readonly without?: (name: string) => boolean;
}

interface Found {
  readonly ops: string[];
  readonly weights: Value[];
  readonly reads: Value[];
}

/** What lies between `value` and the named tensors it is computed from. */
function foldedInto(value: Value): Found {
  const found: Found = { ops: [], weights: [], reads: [] };
  const seen = new Set<Value>();
  const follow = (v: Value): void => {
    const node = v.producer;
    if (!node) return;
    for (const input of node.inputs) {
      if (seen.has(input)) continue;
      seen.add(input);
      if (input.kind === 'weight') found.weights.push(input);
      else if (input.internal) follow(input);
      else if (input.kind !== 'constant') found.reads.push(input);
    }
    found.ops.push(node.op);
  };
  follow(value);
  return found;
}

/**
 * A graph, or the part of it that `within` names, as nodes and edges between its named tensors. Pure; takes time in
 * proportion to the graph, and for the residual paths to nodes times edges of the part.
 */
export function outline(graph: Graph, options: OutlineOptions = {}): Outline {
  const { within = () => true, without = () => false } = options;
  const named = [...graph.values.values()].filter(
    (v) => !v.internal && (v.kind === 'node' || v.kind === 'input') && !without(v.name),
  );
  const inside = new Set(named.filter((v) => within(v.name)));
  const folded = new Map<Value, Found>();
  for (const v of inside) {
    const all = foldedInto(v);
    folded.set(v, { ...all, reads: all.reads.filter((r) => !without(r.name)) });
  }
  const boundary = new Set([...folded.values()].flatMap((f) => f.reads).filter((v) => !inside.has(v)));

  const used = new Set<Value>();
  const ranks = new Map<string, number>();
  const nodes: OutlineNode[] = [];
  const pairs: { from: string; to: string }[] = [];
  for (const value of named) {
    if (!inside.has(value) && !boundary.has(value)) continue;
    const { ops = [], weights = [], reads = [] } = folded.get(value) ?? {};
    const rank = Math.max(0, ...reads.map((r) => (ranks.get(r.name) ?? 0) + 1));
    ranks.set(value.name, rank);
    const fresh = weights.filter((w) => !used.has(w));
    for (const w of fresh) used.add(w);
    nodes.push({ name: value.name, value, ops, weights: fresh, boundary: boundary.has(value), rank });
    for (const r of reads) pairs.push({ from: r.name, to: value.name });
  }

  const next = new Map<string, string[]>();
  for (const { from, to } of pairs) next.set(from, [...(next.get(from) ?? []), to]);
  /** Whether `to` can be reached from `from` otherwise than by their edge. */
  const roundabout = (from: string, to: string): boolean => {
    const last = ranks.get(to) ?? 0;
    const seen = new Set<string>();
    const queue = (next.get(from) ?? []).filter((n) => n !== to);
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (at === to) return true;
      if (seen.has(at) || (ranks.get(at) ?? 0) >= last) continue;
      seen.add(at);
      queue.push(...(next.get(at) ?? []));
    }
    return false;
  };
  return { nodes, edges: pairs.map((p) => ({ ...p, skip: roundabout(p.from, p.to) })) };
}
