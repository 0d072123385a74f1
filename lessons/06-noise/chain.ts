import { chainStep, foldNoise } from '#lib/diffusion/math/forward.ts';
import type { Schedule } from '#lib/diffusion/math/schedules.ts';
import { drawOf } from './noise-streams.ts';

/** What a chain depends on. */
export interface ChainSpec {
  readonly schedule: Schedule;
  readonly x0: Float64Array;
  readonly seed: number;
}

/** The chain after a link: its picture, and all its noise folded into one. */
export interface LinkState {
  readonly x: Float64Array;
  readonly folded: Float64Array;
}

/** Links between two kept states. */
const KEPT = 4;

/**
 * The chain x_n = √α_n x_{n−1} + √β_n ε_n, link by link in float64. Every fourth state is kept, so that any index can be
 * shown again by walking at most three links.
 */
export class Chain {
  readonly spec: ChainSpec;
  readonly #kept: LinkState[];
  #last: { index: number; state: LinkState };
  /** The state that was asked for last: the next one asked for is often near. */
  #asked: { index: number; state: LinkState };

  constructor(spec: ChainSpec) {
    this.spec = spec;
    const start = { x: spec.x0, folded: new Float64Array(spec.x0.length) };
    this.#kept = [start];
    this.#last = { index: -1, state: start };
    this.#asked = this.#last;
  }

  /** Links walked so far: the states 0 … done − 1 can be shown. */
  get done(): number {
    return this.#last.index + 1;
  }

  #step(state: LinkState, n: number): LinkState {
    const { schedule, seed, x0 } = this.spec;
    const eps = drawOf(seed, 'links', x0.length, n);
    return { x: chainStep(schedule, n, state.x, eps), folded: foldNoise(schedule, n, state.folded, eps) };
  }

  /** Walks on to the links before `to`. */
  advance(to: number): void {
    for (let n = this.done; n < to; n++) {
      const state = this.#step(this.#last.state, n);
      this.#last = { index: n, state };
      if ((n + 1) % KEPT === 0) this.#kept.push(state);
    }
  }

  /** The state of index n; undefined if the chain hasn't come that far. */
  at(n: number): LinkState | undefined {
    if (n >= this.done) return undefined;
    if (n === this.#last.index) return this.#last.state;
    const kept = Math.floor((n + 1) / KEPT);
    const { index, state: asked } = this.#asked;
    // From the last state asked for, when that lies on the way from the kept one.
    const near = index <= n && index >= kept * KEPT - 1;
    let state = near ? asked : this.#kept[kept];
    if (!state) return undefined;
    for (let k = near ? index + 1 : kept * KEPT; k <= n; k++) state = this.#step(state, k);
    this.#asked = { index: n, state };
    return state;
  }
}
