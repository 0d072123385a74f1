import { GraphError } from './errors.ts';
import type { Graph } from './graph.ts';
import type { Node, Value } from './types.ts';

/** What some values are computed from: nodes in an order that can be run, and the values that no node makes. */
export interface Pruned {
  readonly nodes: Node[];
  /** Inputs, weights, constants and the needed ones of `given`. */
  readonly leaves: Value[];
}

/**
 * What the wanted values depend on.
 * @param given values that are there already: what makes them is left out
 * @throws GraphError for an unknown name, and where no output was asked for
 */
export function prune(
  graph: Graph,
  outputs: readonly string[],
  given: ReadonlySet<Value> = new Set(),
): Pruned {
  if (outputs.length === 0) throw new GraphError(`${graph.name}: no output was asked for.`);
  const needed = new Set<Value>();
  const queue = outputs.map((name) => graph.value(name));
  for (let v = queue.pop(); v; v = queue.pop()) {
    if (needed.has(v)) continue;
    needed.add(v);
    if (!given.has(v)) queue.push(...(v.producer?.inputs ?? []));
  }
  return {
    nodes: graph.nodes.filter((n) => n.outputs.some((o) => needed.has(o) && !given.has(o))),
    leaves: [...graph.values.values()].filter((v) => needed.has(v) && (v.kind !== 'node' || given.has(v))),
  };
}
