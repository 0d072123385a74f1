import type { Graph } from './graph.ts';
import type { Node, Value } from './types.ts';

/** The leaves that an encoded graph leaves to be fed, beside its own inputs. */
export interface OpenLeaves {
  /** Inputs and weights of other sizes, by name. */
  readonly names: ReadonlySet<string>;
  /** Constants, by where they are used (`slotOf`): equal ones are made once in a graph, and need not be equal in another. */
  readonly slots: ReadonlySet<string>;
}

/** The `input`-th input of the `node`-th node of a graph; also its name in the file. */
export const slotOf = (node: number, input: number) => `open:${node}:${input}`;

/** The value in a slot. */
export function inSlot(graph: Graph, slot: string): Value {
  const [, node, input] = slot.split(':');
  return graph.nodes[Number(node)]!.inputs[Number(input)]!;
}

function sameShape(a: Value, b: Value): boolean {
  return a.shape.length === b.shape.length && a.shape.every((n, i) => n === b.shape[i]);
}

function sameData({ data: x }: Value, { data: y }: Value): boolean {
  if (x === y) return true;
  return x !== undefined && y !== undefined && x.length === y.length && x.every((n, i) => n === y[i]);
}

function sameOperation(a: Node, b: Node): boolean {
  return (
    a.op === b.op &&
    a.inputs.length === b.inputs.length &&
    a.outputs.length === b.outputs.length &&
    JSON.stringify(a.attributes) === JSON.stringify(b.attributes)
  );
}

/**
 * The inputs, weights and constants in which two graphs differ: in shape, or, of a constant, in its values. All else
 * must be the same: operations, their attributes, what they are joined to, the names of results. Undefined where it is
 * not, so that no one graph with these leaves left open can stand for both.
 */
export function differingLeaves(a: Graph, b: Graph): OpenLeaves | undefined {
  if (a.nodes.length !== b.nodes.length) return undefined;
  const names = new Set<string>();
  const slots = new Set<string>();
  /** Results of `a` to those of `b`: helpers may be numbered otherwise. */
  const results = new Map<Value, Value>();
  for (const [n, node] of a.nodes.entries()) {
    const other = b.nodes[n]!;
    if (!sameOperation(node, other)) return undefined;
    for (const [i, v] of node.inputs.entries()) {
      const w = other.inputs[i]!;
      // Sizes are left open in the file, the number of dimensions is not.
      if (v.kind !== w.kind || v.dtype !== w.dtype || v.shape.length !== w.shape.length) return undefined;
      if (v.kind === 'node') {
        if (results.get(v) !== w) return undefined;
      } else if (v.kind === 'constant') {
        if (!sameShape(v, w) || !sameData(v, w)) slots.add(slotOf(n, i));
      } else {
        if (v.name !== w.name) return undefined;
        if (!sameShape(v, w)) names.add(v.name);
      }
    }
    for (const [i, v] of node.outputs.entries()) {
      const w = other.outputs[i]!;
      if (v.internal !== w.internal || (!v.internal && v.name !== w.name)) return undefined;
      results.set(v, w);
    }
  }
  return { names, slots };
}

/** Whether all that differs is open. */
export function covers(open: OpenLeaves, { names, slots }: OpenLeaves): boolean {
  return [...names].every((n) => open.names.has(n)) && [...slots].every((s) => open.slots.has(s));
}
