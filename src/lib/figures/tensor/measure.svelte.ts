import type { Tensor } from '#lib/base/tensor.ts';
import { inStretches } from '../draw/work.ts';
import { position, type ColourMap } from '../scales.ts';
import { StatsGatherer, type Stats } from '#lib/analysis/stats.ts';

const BINS = 72;

/** The statistics of a tensor, gathered in stretches. Create it in a component; give it getters. */
export class TensorMeasure {
  #stats = $state.raw<{ of: Tensor; stats: Stats }>();
  #counts = $state.raw<Uint32Array>();
  readonly #tensor: () => Tensor | undefined;

  constructor(tensor: () => Tensor | undefined, map: () => ColourMap) {
    this.#tensor = tensor;
    $effect(() => {
      const now = tensor();
      if (!now) return;
      const stop = new AbortController();
      const gatherer = new StatsGatherer();
      void inStretches(now.data.length, (from, to) => gatherer.add(now.data, from, to), {
        signal: stop.signal,
      }).then((whole) => {
        if (whole) this.#stats = { of: now, stats: gatherer.stats };
      });
      return () => stop.abort();
    });
    $effect(() => {
      const now = tensor();
      const scale = map();
      if (!now || !this.#stats) return;
      const stop = new AbortController();
      const counts = new Uint32Array(BINS);
      const count = (from: number, to: number) => {
        for (let i = from; i < to; i++) {
          const v = now.data[i]!;
          if (v - v === 0) counts[Math.min(BINS - 1, Math.floor(position(scale, v) * BINS))]!++;
        }
      };
      void inStretches(now.data.length, count, { stretch: 16_384, signal: stop.signal }).then((whole) => {
        if (whole) this.#counts = counts;
      });
      return () => stop.abort();
    });
  }

  /** Of the tensor shown, or of the one before while it is being measured. */
  get stats(): Stats | undefined {
    return this.#tensor() ? this.#stats?.stats : undefined;
  }
  /** How many values fall on each of 72 equal stretches of the colour scale. */
  get counts(): Uint32Array | undefined {
    return this.#tensor() ? this.#counts : undefined;
  }
}
