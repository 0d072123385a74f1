import type { Process } from '#lib/diffusion/math/process.ts';
import type { CutName } from './twin-fields.ts';

/** What a step has found at its state: x̂0 and ε̂, flat, and the time of that state. */
export interface Found {
  readonly x0: Float32Array;
  readonly eps: Float32Array;
  readonly from: number;
}

/**
 * The clean latents that a state would give if the noise of another were taken away: (x − σ ε′)/α with x = α x̂0 + σ ε̂.
 * Source: Ho et al. 2020, equation 4, solved for x0.
 * @throws RangeError where nothing is left of the data (α = 0), and for noise of another length
 */
export function withNoiseOf(state: Found, other: Float32Array, process: Process): Float32Array {
  const [a, b] = [process.signalRate(state.from), process.noiseRate(state.from)];
  if (a === 0) throw new RangeError(`At time ${state.from} nothing is left of the data.`);
  if (other.length !== state.eps.length)
    throw new RangeError(`The noise has ${other.length} values, the state ${state.eps.length}.`);
  return state.x0.map((v, i) => v + (b / a) * (state.eps[i]! - other[i]!));
}

/** A state at time t, α z + σ ε, of latents as they are given. @throws RangeError for noise of another length */
export function noised(z: Float32Array, eps: Float32Array, process: Process, t: number): Float32Array {
  if (z.length !== eps.length)
    throw new RangeError(`The noise has ${eps.length} values, the latents ${z.length}.`);
  const [a, b] = [process.signalRate(t), process.noiseRate(t)];
  return z.map((v, i) => a * v + b * eps[i]!);
}

/**
 * Factors on `count` skips, the innermost first: 0 for those that are cut. Of an odd number the middle one is an outer
 * skip.
 */
export function gatesFor(cut: CutName, count: number): Float32Array {
  const inner = Math.floor(count / 2);
  return Float32Array.from({ length: count }, (_, i) => {
    if (cut === 'all') return 0;
    if (cut === 'none') return 1;
    return i < inner === (cut === 'inner') ? 0 : 1;
  });
}

/** At most `most` of the numbers 1 … steps, evenly spread, the first and the last among them. */
export function spreadSteps(steps: number, most: number): number[] {
  const count = Math.min(steps, most);
  const at = (i: number) => (count === 1 ? steps : 1 + Math.round((i * (steps - 1)) / (count - 1)));
  return [...new Set(Array.from({ length: count }, (_, i) => at(i)))];
}
