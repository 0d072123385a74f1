import { shownShape, type Graph } from '#lib/graph/index.ts';
import type { KnownTensor } from './house.ts';

/** What cells can name of a graph: its inputs, what it computes, and its weights. */
export function knownTensors(graph: Graph): readonly KnownTensor[] {
  const weights = [...graph.values.values()].filter(({ kind }) => kind === 'weight').map(({ name }) => name);
  return [...graph.tensorNames(), ...weights].map((name) => ({
    name,
    ...shownShape(graph.values.get(name), name),
  }));
}
