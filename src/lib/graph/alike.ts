import type { Graph } from './graph.ts';
import type { Node, Value } from './types.ts';

const names = (values: readonly Value[]) => values.map((v) => v.name).join();

function sameNode(a: Node, b: Node): boolean {
  return (
    a.op === b.op &&
    names(a.inputs) === names(b.inputs) &&
    names(a.outputs) === names(b.outputs) &&
    JSON.stringify(a.attributes) === JSON.stringify(b.attributes)
  );
}

function sameLeaf(a: Value, b: Value): boolean {
  if (a.shape.join() !== b.shape.join()) return false;
  const { data: x, kind } = a;
  const { data: y } = b;
  if (kind !== 'constant' || x === y) return true;
  return x !== undefined && y !== undefined && x.length === y.length && x.every((n, i) => n === y[i]);
}

/**
 * Names of the inputs, weights and constants in which two graphs differ: in shape, or, of a constant, in its values.
 * All else must be the same: operations, their attributes, what they are joined to. Undefined where it is not, so that
 * no one graph with these leaves left open can stand for both.
 */
export function differingLeaves(a: Graph, b: Graph): ReadonlySet<string> | undefined {
  if (a.nodes.length !== b.nodes.length || a.values.size !== b.values.size) return undefined;
  if (!a.nodes.every((node, i) => sameNode(node, b.nodes[i]!))) return undefined;
  const differing = new Set<string>();
  for (const v of a.values.values()) {
    if (v.kind === 'node') continue;
    const other = b.values.get(v.name);
    if (other?.kind !== v.kind || other.dtype !== v.dtype) return undefined;
    // Sizes are left open in the file, the number of dimensions is not.
    if (other.shape.length !== v.shape.length) return undefined;
    if (!sameLeaf(v, other)) differing.add(v.name);
  }
  return differing;
}
