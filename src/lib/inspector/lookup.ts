import { describe, type Description, type TensorRow } from '#lib/graph/describe.ts';
import type { Graph } from '#lib/graph/graph.ts';
import { outline, type Outline } from '#lib/graph/outline.ts';

/** Costs by tensor. */
export function costsOf(description: Description): ReadonlyMap<string, TensorRow> {
  return new Map(description.tensors.map((row) => [row.name, row]));
}

/** Readers of each tensor, by name. */
export function readersOf(outline: Outline): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const e of outline.edges) found.set(e.from, [...(found.get(e.from) ?? []), e.to]);
  return found;
}

/** Tensors read by each tensor, by name. */
export function operandsOf(outline: Outline): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const e of outline.edges) found.set(e.to, [...(found.get(e.to) ?? []), e.from]);
  return found;
}

/** A function that makes what a key stands for once, and gives the same thing ever after. */
export function keeper<T>(): (key: string, make: () => T) => T {
  const kept = new Map<string, T>();
  return (key, make) => {
    let value = kept.get(key);
    if (value === undefined) kept.set(key, (value = make()));
    return value;
  };
}

/** A reading of a graph that is made once for each graph. */
function onceFor<T>(read: (graph: Graph) => T): (graph: Graph) => T {
  const known = new WeakMap<Graph, T>();
  return (graph) => {
    let value = known.get(graph);
    if (value === undefined) known.set(graph, (value = read(graph)));
    return value;
  };
}
export const descriptionOf: (graph: Graph) => Description = onceFor(describe);
export const outlineOf: (graph: Graph) => Outline = onceFor((graph) => outline(graph));

/** The tensor that a graph is opened at: the first attention map, or else its result. */
export function firstOpen(graph: Graph): string {
  const names = graph.tensorNames();
  return names.find((n) => /attn(\.\w+)?\.probs$/.test(n)) ?? names.at(-1) ?? 'x';
}

/** The most patches, or else tokens, that any tensor of a graph has. */
export function patchesIn(graph: Graph): number {
  const most = (dim: string) =>
    Math.max(
      0,
      ...graph
        .tensorNames()
        .map((name) => graph.value(name))
        .map((v) => v.shape[v.dims.indexOf(dim)] ?? 0),
    );
  return most('N') || most('T');
}
