import { meanDistance, meanEntropy, overlap, type PatchGrid } from '#lib/analysis/attention.ts';
import { inStretches } from '#lib/figures/draw/work.ts';
import type { Tensor } from '#lib/base/tensor.ts';

/** Numbers a head, `[depth · heads]`, layer after layer. */
export interface HeadMeasures {
  /** Mean entropy of a row, bits. */
  readonly entropy: Float64Array;
  /** Mean attention distance, patches. */
  readonly distance: Float64Array;
  /** The tensors they belong to. */
  readonly of: readonly Tensor[];
}

/** A head in the flat count over layers. */
export const headAt = (layers: readonly Tensor[], k: number) => {
  const heads = layers[0]?.shape[0] ?? 1;
  const tokens = layers[0]?.shape[1] ?? 0;
  const { data } = layers[Math.floor(k / heads)]!;
  return { data, offset: (k % heads) * tokens * tokens, tokens };
};

/**
 * Entropy and distance of every head, and its overlap with the chosen one, computed in stretches after new attention
 * has arrived; the old ones stay until then. Make it where effects may be opened.
 */
export class Measures {
  #heads = $state.raw<HeadMeasures>();
  #overlap = $state.raw<Float64Array>();

  constructor(layers: () => readonly Tensor[] | undefined, place: () => PatchGrid, chosen: () => number) {
    $effect(() => {
      const of = layers();
      const where = place();
      if (!of) return;
      const count = of.length * (of[0]?.shape[0] ?? 1);
      const entropy = new Float64Array(count);
      const distance = new Float64Array(count);
      return stretched(
        count,
        (k) => {
          const { data, offset, tokens } = headAt(of, k);
          entropy[k] = meanEntropy(data, tokens, offset);
          distance[k] = meanDistance(data, where, offset);
        },
        () => (this.#heads = { entropy, distance, of }),
      );
    });
    $effect(() => {
      const of = layers();
      if (!of) return;
      const own = headAt(of, chosen());
      const values = new Float64Array(of.length * (of[0]?.shape[0] ?? 1));
      return stretched(
        values.length,
        (k) => {
          const { data, offset, tokens } = headAt(of, k);
          values[k] = overlap(own.data, data, tokens, {
            count: tokens ** 2,
            from: own.offset,
            other: offset,
          });
        },
        () => (this.#overlap = values),
      );
    });
  }

  get heads(): HeadMeasures | undefined {
    return this.#heads;
  }
  /** Mean weight that a head and the chosen one put on the same tokens, 0…1. */
  get overlap(): Float64Array | undefined {
    return this.#overlap;
  }
}

/** Does `work` for each k, a head at a time, and `done` at the end unless it was stopped. */
export function stretched(count: number, work: (k: number) => void, done: () => void): () => void {
  const stop = new AbortController();
  void inStretches(count, (from) => work(from), { stretch: 1, signal: stop.signal }).then((whole) => {
    if (whole) done();
  });
  return () => stop.abort();
}
