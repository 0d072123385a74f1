import { normals } from '#lib/diffusion/math/noise.ts';
import { inStretches } from '#lib/figures/draw/work.ts';
import { STREAMS } from './noise-streams.ts';
import { FULL, SIDE } from './state.ts';

const SMALL_VALUES = 3 * SIDE * SIDE;
const FULL_VALUES = 3 * FULL * FULL;

/** The ε of the reader's seed for both sizes of the picture. The large one takes a moment; until then the last stays. */
export class NoiseField {
  #full = $state.raw<{ seed: number; eps: Float32Array }>();
  readonly #seed: () => number;

  /** @param large whether the large field is wanted */
  constructor(seed: () => number, large: () => boolean) {
    this.#seed = seed;
    $effect(() => {
      const now = seed();
      if (!large()) return undefined;
      const stop = new AbortController();
      const eps = new Float32Array(FULL_VALUES);
      void inStretches(
        FULL_VALUES,
        (from, to) => eps.set(normals(now, from, to - from, STREAMS.full), from),
        { stretch: 6144, signal: stop.signal },
      ).then((done) => {
        if (done) this.#full = { seed: now, eps };
      });
      return () => stop.abort();
    });
  }

  /** `[3, 32, 32]`. */
  readonly small = $derived.by(() =>
    Float32Array.from(normals(this.#seed(), 0, SMALL_VALUES, STREAMS.small)),
  );
  /** `[3, 224, 224]`. */
  get full(): Float32Array | undefined {
    return this.#full?.eps;
  }
  /** The large field is still that of another seed. */
  get late(): boolean {
    return this.#full?.seed !== this.#seed();
  }
}
