import { sizeOf } from '#lib/base/tensor.ts';
import type { Graph } from './graph.ts';
import type { Value, WeightEntry, WeightSource } from './types.ts';

/** A stream of uniform numbers in (0, 1) that depends on the seed alone (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Standard normal numbers (Box and Muller 1958) that depend on the seed alone. */
export function gaussian(seed: number): () => number {
  const next = uniform(seed);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** How an untrained network begins: σ = 0.02 for matrices and tables, 0 for biases, 1 for LayerNorm weights. */
function untrained(weight: Value, z: number): number {
  if (weight.shape.length > 1) return 0.02 * z;
  if (weight.name.endsWith('.gamma')) return 1e-5;
  return weight.name.endsWith('.weight') ? 1 : 0;
}

/**
 * Float32 weights for every initialiser of a graph, from a seed: an untrained model, for measuring and testing.
 * `fill` gives a weight's next value from a standard normal number.
 */
export function seededWeights(
  graph: Graph,
  seed: number,
  fill: (weight: Value, z: number) => number = untrained,
): WeightSource {
  const weights = [...graph.values.values()].filter((v) => v.kind === 'weight');
  const values = new Float32Array(weights.reduce((n, w) => n + sizeOf(w.shape), 0));
  const entries = new Map<string, WeightEntry>();
  const next = gaussian(seed);
  let at = 0;
  for (const w of weights) {
    const n = sizeOf(w.shape);
    entries.set(w.name, { dtype: 'F32', shape: w.shape, file: 'seeded.bin', offset: 4 * at, length: 4 * n });
    for (const end = at + n; at < end; at++) values[at] = fill(w, next());
  }
  return {
    get: (name) => entries.get(name),
    names: () => [...entries.keys()],
    buffers: new Map([['seeded.bin', new Uint8Array(values.buffer)]]),
  };
}
