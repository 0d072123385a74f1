import type { Moments } from '#lib/analysis/gaussian.ts';
import { chainStep } from '#lib/diffusion/math/forward.ts';
import type { Schedule } from '#lib/diffusion/math/schedules.ts';
import { drawOf } from './noise-streams.ts';

/** Runs of the chain for one value. */
export const WALKERS = 1000;

export interface WalkersSpec {
  readonly schedule: Schedule;
  /** The value of one pixel and channel, where every walker starts. */
  readonly x0: number;
  readonly seed: number;
  readonly links: 'fresh' | 'same';
}

/** The chain of one value, run many times at once: every walker takes every link with noise of its own. */
export class Walkers {
  readonly spec: WalkersSpec;
  /** `[T, W]`: where each walker stands after link n. */
  readonly table: Float32Array;
  #x: Float64Array;
  #done = 0;

  constructor(spec: WalkersSpec) {
    this.spec = spec;
    this.table = new Float32Array(spec.schedule.steps * WALKERS);
    this.#x = new Float64Array(WALKERS).fill(spec.x0);
  }
  get done(): number {
    return this.#done;
  }
  /** Takes the links before `to`. */
  advance(to: number): void {
    const { schedule, seed, links } = this.spec;
    for (; this.#done < to; this.#done++) {
      const n = this.#done;
      this.#x = chainStep(schedule, n, this.#x, drawOf(seed, 'walkers', WALKERS, links === 'same' ? 0 : n));
      this.table.set(this.#x, n * WALKERS);
    }
  }
  /** Where the walkers stand after link n `[W]`; undefined before it was taken. */
  at(n: number): Float32Array | undefined {
    return n < this.#done ? this.table.subarray(n * WALKERS, (n + 1) * WALKERS) : undefined;
  }
}

/** The same number of draws in one jump, with noise no walker has had: √ᾱ x0 + √(1 − ᾱ) ε. */
export function jumpsOf({ schedule, x0, seed }: WalkersSpec, n: number): Float64Array {
  const bar = schedule.alphasCumprod[n]!;
  return drawOf(seed, 'walkJumps', WALKERS, n).map((eps) => Math.sqrt(bar) * x0 + Math.sqrt(1 - bar) * eps);
}

/** What mean and variance must be: √ᾱ x0 and 1 − ᾱ. */
export function formulaOf({ schedule, x0 }: WalkersSpec, n: number): Moments {
  const bar = schedule.alphasCumprod[n]!;
  return { count: WALKERS, mean: Math.sqrt(bar) * x0, variance: 1 - bar };
}
