/** Names of the discrete noise schedules. */
export const SCHEDULES = ['linear', 'cosine', 'scaled-linear'] as const;
export type ScheduleName = (typeof SCHEDULES)[number];

/**
 * A discrete noise schedule of T steps. Every table has T values; index n (0 … T−1) is the n-th
 * noising step, so `alphasCumprod[n]` is the signal power left after n+1 steps.
 */
export interface Schedule {
  /** One of {@link SCHEDULES}, or the name of the process it was cut from. */
  readonly name: string;
  /** T, the number of noising steps. */
  readonly steps: number;
  /** β_n, variance added by step n, in (0, 1). */
  readonly betas: Float64Array;
  /** α_n = 1 − β_n. */
  readonly alphas: Float64Array;
  /** ᾱ_n = ∏ α_0 … α_n, in (0, 1). */
  readonly alphasCumprod: Float64Array;
}

/**
 * β from `start` to `end` in equal steps: [T].
 * Source: Ho et al. 2020 (DDPM), section 4; 1e-4 → 0.02 with T = 1000.
 */
export function linearBetas(steps: number, start = 1e-4, end = 0.02): Float64Array {
  checkSteps(steps);
  return Float64Array.from({ length: steps }, (_, n) => start + ramp(n, steps) * (end - start));
}

/**
 * √β from √`start` to √`end` in equal steps: [T].
 * Source: Rombach et al. 2022 (Stable Diffusion); 0.00085 → 0.012 with T = 1000.
 */
export function scaledLinearBetas(steps: number, start = 0.00085, end = 0.012): Float64Array {
  checkSteps(steps);
  const [low, high] = [Math.sqrt(start), Math.sqrt(end)];
  return Float64Array.from({ length: steps }, (_, n) => (low + ramp(n, steps) * (high - low)) ** 2);
}

/**
 * β_n = min(1 − f(n+1)/f(n), `clip`) with f(n) = cos²(½π (n/T + s)/(1 + s)): [T].
 * Source: Nichol & Dhariwal 2021, equation 17; s = 0.008, clip 0.999.
 */
export function cosineBetas(steps: number, s = 0.008, clip = 0.999): Float64Array {
  checkSteps(steps);
  const f = (n: number) => Math.cos((0.5 * Math.PI * (n / steps + s)) / (1 + s)) ** 2;
  return Float64Array.from({ length: steps }, (_, n) => Math.min(1 - f(n + 1) / f(n), clip));
}

const BETAS: Record<ScheduleName, (steps: number) => Float64Array> = {
  linear: linearBetas,
  cosine: cosineBetas,
  'scaled-linear': scaledLinearBetas,
};

/**
 * The named schedule with its published constants.
 * @param steps T, at least 1 (the constants are meant for T = 1000).
 * @throws RangeError for an unknown name or steps < 1.
 */
export function schedule(name: string, steps = 1000): Schedule {
  const make = Object.hasOwn(BETAS, name) ? BETAS[name as ScheduleName] : undefined;
  if (!make)
    throw new RangeError(`There is no noise schedule called '${name}'; use one of ${SCHEDULES.join(', ')}.`);
  return fromBetas(name, make(steps));
}

/**
 * The tables that follow from β: [T].
 * @throws RangeError if a β is not inside (0, 1).
 */
export function fromBetas(name: string, betas: Float64Array): Schedule {
  betas.forEach((beta, n) => {
    if (!(beta > 0 && beta < 1))
      throw new RangeError(`The beta at index ${n} is ${beta}; every beta must lie between 0 and 1.`);
  });
  const alphas = betas.map((beta) => 1 - beta);
  let product = 1;
  const alphasCumprod = alphas.map((alpha) => (product *= alpha));
  return { name, steps: betas.length, betas, alphas, alphasCumprod };
}

/** Signal-to-noise ratio ᾱ/(1 − ᾱ) of a signal power ᾱ in [0, 1); Infinity at 1. Source: Kingma et al. 2021. */
export function snr(alphaBar: number): number {
  return alphaBar / (1 - alphaBar);
}

/** The first index at which the signal-to-noise ratio is at or below `ratio` (ᾱ at or below ratio/(1 + ratio)); T where it never is. */
export function crossing({ alphasCumprod }: Schedule, ratio = 1): number {
  const n = alphasCumprod.findIndex((alphaBar) => snr(alphaBar) <= ratio);
  return n < 0 ? alphasCumprod.length : n;
}

/** λ = ½ log SNR, half the log of {@link snr}. Source: Lu et al. 2022 (DPM-Solver), section 2. */
export function halfLogSnr(alphaBar: number): number {
  return 0.5 * (Math.log(alphaBar) - Math.log1p(-alphaBar));
}

/** @throws RangeError unless `steps` is a whole number ≥ 1. */
export function checkSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`The number of steps is ${steps}; it must be a whole number of at least 1.`);
}

/** n/(T−1), and 0 for a schedule of one step. */
function ramp(n: number, steps: number): number {
  return steps === 1 ? 0 : n / (steps - 1);
}
