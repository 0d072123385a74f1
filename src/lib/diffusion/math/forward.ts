import type { NoiseSource } from './noise.ts';
import { type Process, requireVp } from './process.ts';
import type { Schedule } from './schedules.ts';
import { mix, type Values } from './values.ts';

/** x_t = signalRate(t)·x0 + noiseRate(t)·ε in one jump. Source: Ho et al. 2020, equation 4. */
export function addNoise<X extends Values>(process: Process, t: number, x0: X, eps: Values): X {
  return mix(x0, [process.signalRate(t), x0], [process.noiseRate(t), eps]);
}

/**
 * One link of the chain: x_n = √(1 − β_n)·x_{n−1} + √β_n·ε, n = 0 … T−1. Source: Ho et al. 2020, equation 2.
 * @throws RangeError if the schedule has no index n.
 */
export function chainStep<X extends Values>(schedule: Schedule, n: number, x: X, eps: Values): X {
  const beta = schedule.betas[n];
  if (beta === undefined)
    throw new RangeError(`The index is ${n}; it must be a whole number from 0 to ${schedule.steps - 1}.`);
  return mix(x, [Math.sqrt(1 - beta), x], [Math.sqrt(beta), eps]);
}

/** The whole chain from x0, link by link: yields [n, x_n] for n = 0 … T−1, one draw of noise a link. */
export function* chain<X extends Values>(
  schedule: Schedule,
  x0: X,
  noise: NoiseSource,
): Generator<{ readonly index: number; readonly x: X }> {
  let x = x0;
  for (let index = 0; index < schedule.steps; index++) {
    x = chainStep(schedule, index, x, noise.normal(x.length));
    yield { index, x };
  }
}

/**
 * The noise of the whole chain as one: ε̄_n = (√α_n √(1 − ᾱ_{n−1})·ε̄_{n−1} + √β_n·ε_n) / √(1 − ᾱ_n), so that
 * x_n = √ᾱ_n x0 + √(1 − ᾱ_n) ε̄_n. It is standard normal when the ε are; it needs no x0.
 * Source: the step from equation 2 to equation 4 of Ho et al. 2020, written out.
 * @param folded ε̄_{n−1}; anything of the right length for n = 0
 * @throws RangeError if the schedule has no index n.
 */
export function foldNoise<X extends Values>(schedule: Schedule, n: number, folded: X, eps: Values): X {
  const [beta, after] = [schedule.betas[n], schedule.alphasCumprod[n]];
  if (beta === undefined || after === undefined)
    throw new RangeError(`The index is ${n}; it must be a whole number from 0 to ${schedule.steps - 1}.`);
  const before = n === 0 ? 1 : schedule.alphasCumprod[n - 1]!;
  const whole = Math.sqrt(1 - after);
  return mix(folded, [Math.sqrt((1 - beta) * (1 - before)) / whole, folded], [Math.sqrt(beta) / whole, eps]);
}

/** q(x_s | x_t, x0) = N(fromX0·x0 + fromX·x_t, variance), and β of the stretch s → t. */
export interface Posterior {
  readonly fromX0: number;
  readonly fromX: number;
  /** β̃, the variance: 0 at s = 0. */
  readonly variance: number;
  /** β = 1 − ᾱ_t/ᾱ_s, the larger choice of variance for a reverse step. */
  readonly beta: number;
}

/**
 * The posterior of an earlier state, for any 0 ≤ s < t ≤ 1 (neighbours s = t − 1/T give DDPM's own).
 * Source: Ho et al. 2020, equations 6 and 7, with α_t → ᾱ_t/ᾱ_s (Nichol & Dhariwal 2021, section 4).
 * @throws RangeError unless s < t, or for a process without ᾱ.
 */
export function posterior(process: Process, t: number, s: number): Posterior {
  const vp = requireVp(process, 'The posterior');
  if (!(s < t)) throw new RangeError(`The posterior goes from t = ${t} to s = ${s}; time must fall.`);
  const stretch = vp.logAlphaBar(t) - vp.logAlphaBar(s);
  const beta = -Math.expm1(stretch);
  const [before, after] = [vp.noiseRate(s) ** 2, vp.noiseRate(t) ** 2];
  return {
    fromX0: (vp.signalRate(s) * beta) / after,
    fromX: (Math.exp(0.5 * stretch) * before) / after,
    variance: (beta * before) / after,
    beta,
  };
}

/** Mean of q(x_s | x_t, x0), as long as x. */
export function posteriorMean<X extends Values>(p: Posterior, x0: Values, x: X): X {
  return mix(x, [p.fromX0, x0], [p.fromX, x]);
}
