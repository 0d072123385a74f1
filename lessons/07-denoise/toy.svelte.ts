import {
  lawOf,
  distanceTo,
  exactEnds,
  MIXTURES,
  runToy,
  verdictOf,
  type Law,
  type ToyRun,
  type ToySettings,
  type ToyVerdict,
} from './toy.ts';
import { addsNoise } from './sampler-noise.ts';

/** Points in the plane. */
export const POINTS = 3000;
/** Points whose exact ends are known. */
const KNOWN = 600;

/** What the settings ask for that a run of the toy depends on. */
interface Wish {
  readonly toy: keyof typeof MIXTURES;
  readonly m: string;
  readonly n: number;
  readonly eta: number;
  readonly seed: number;
}

/** The toy's newest run, with what is exactly known beside it. */
export class Toy {
  #run = $state.raw<{ readonly of: ToySettings; readonly run: ToyRun }>();
  #exact = $state.raw<{ readonly key: string; readonly ends: Float64Array }>();
  #law = $state.raw<Law>();
  #stop: AbortController | undefined;

  /** Computes what the wish asks for; a newer wish puts an end to the older one. */
  async set({ toy, m, n, eta, seed }: Wish): Promise<void> {
    this.#stop?.abort();
    const { signal } = (this.#stop = new AbortController());
    const of = { mixture: MIXTURES[toy], sampler: m, steps: n, eta, seed, points: POINTS };
    try {
      const run = await runToy(of, signal);
      this.#law = toy === 'one' ? await lawOf(m, n, eta) : undefined;
      if (signal.aborted) return;
      this.#run = { of, run };
      const key = `${toy} ${seed}`;
      if (this.#exact?.key !== key) {
        const ends = await exactEnds({ ...of, points: KNOWN }, signal);
        if (!signal.aborted) this.#exact = { key, ends };
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  stop(): void {
    this.#stop?.abort();
  }

  get run(): ToyRun | undefined {
    return this.#run?.run;
  }
  get settings(): ToySettings | undefined {
    return this.#run?.of;
  }
  /** The sampler on show adds no noise: every point has an exact end. */
  get followsPath(): boolean {
    const of = this.#run?.of;
    return of !== undefined && !addsNoise(of.sampler, of.eta);
  }
  get exact(): Float64Array | undefined {
    return this.followsPath ? this.#exact?.ends : undefined;
  }
  /** Rms distance of the points to their exact ends. */
  readonly off: number | undefined = $derived.by(() => {
    const ends = this.exact;
    const points = this.#run?.run.states.at(-1);
    return ends && points && distanceTo(ends, points);
  });
  readonly verdict: ToyVerdict | undefined = $derived.by(() => {
    const made = this.#run;
    return made && verdictOf(made.of.mixture, made.run.states.at(-1)!);
  });
  /** The exact law of the sampler's result, on the one Gaussian. */
  get law(): Law | undefined {
    return this.#law;
  }
}
