import type { Graph, WeightEntry, WeightSource } from '#lib/graph/index.ts';
import { bytesOf } from '#lib/weights/source.ts';

/**
 * The weights a graph needs, copied one after another into one buffer called `file`, each at a multiple of 64 bytes:
 * what ONNX's external data wants beside a model that is too large for one file.
 */
export function onOneFile(graph: Graph, weights: WeightSource, file: string): WeightSource {
  const entries = new Map<string, WeightEntry>();
  const origins: WeightEntry[] = [];
  let end = 0;
  for (const value of graph.values.values()) {
    const origin = value.kind === 'weight' ? weights.get(value.name) : undefined;
    if (!origin) continue;
    entries.set(value.name, { ...origin, file, offset: end });
    origins.push(origin);
    end = Math.ceil((end + origin.length) / 64) * 64;
  }
  const bytes = new Uint8Array(end);
  for (const [i, entry] of [...entries.values()].entries())
    bytes.set(bytesOf(weights, origins[i]!), entry.offset);
  return {
    get: (name) => entries.get(name),
    names: () => [...entries.keys()],
    buffers: new Map([[file, bytes]]),
  };
}
