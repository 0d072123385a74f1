import { checkSteps, fromBetas, schedule, SCHEDULES, type Schedule, type ScheduleName } from './schedules.ts';

/**
 * A noising process x_t = signalRate(t) · x0 + noiseRate(t) · ε over one clock for all of them:
 * t in [0, 1], t = 0 the clean picture, t = 1 the noisiest state.
 * A discrete schedule of T steps has its state of index n (0 … T−1) at t = (n+1)/T; between two
 * indices log ᾱ is linear in t, so every sampler also runs between them.
 */
export interface Process {
  readonly name: string;
  /** The discrete tables, if the process comes from them. */
  readonly schedule?: Schedule;
  /** Factor of the data, in [0, 1]: √ᾱ(t), or 1 − t for rectified flow. */
  signalRate(t: number): number;
  /** Factor of the noise, in [0, 1]: √(1 − ᾱ(t)), or t for rectified flow. */
  noiseRate(t: number): number;
  /** Derivatives of the two rates by t. The noise rate's is infinite at t = 0 for √(1 − ᾱ). */
  rateSlopes(t: number): { readonly signal: number; readonly noise: number };
  /** λ(t) = log(signalRate/noiseRate) = ½ log SNR; Infinity at t = 0. */
  halfLogSnr(t: number): number;
  /** The t in [0, 1] at which {@link halfLogSnr} is `lambda` (clipped to the clock's ends). */
  timeAt(lambda: number): number;
}

/** A variance-preserving process: signalRate² + noiseRate² = 1. DDPM, DDIM(η > 0) and the SDE need one. */
export interface VariancePreserving extends Process {
  /** log ᾱ(t), 0 at t = 0. */
  logAlphaBar(t: number): number;
  /** ᾱ(t), the signal power, in (0, 1]. */
  alphaBar(t: number): number;
  /** β(t) = −d log ᾱ/dt per unit of the clock; at a kink of a discrete schedule the value below it. */
  beta(t: number): number;
}

/** Names that {@link process} knows. */
export const PROCESSES = [...SCHEDULES, 'vp', 'rectified-flow'] as const;
export type ProcessName = (typeof PROCESSES)[number];

/**
 * A process by name with its published constants.
 * @param steps T of the discrete schedules; the continuous ones have none.
 * @throws RangeError for an unknown name.
 */
export function process(name: string, steps = 1000): Process {
  if (name === 'vp') return vpProcess();
  if (name === 'rectified-flow') return rectifiedFlow();
  if ((SCHEDULES as readonly string[]).includes(name))
    return discreteProcess(schedule(name as ScheduleName, steps));
  throw new RangeError(`There is no process called '${name}'; use one of ${PROCESSES.join(', ')}.`);
}

/**
 * The continuous process β(t) = low + (high − low) t, ᾱ(t) = exp(−low t − ½ (high − low) t²).
 * Source: Song et al. 2021 (score SDE), equations 32 and 33; 0.1 and 20, as in U-ViT.
 */
export function vpProcess(low = 0.1, high = 20): VariancePreserving {
  const slope = high - low;
  return variancePreserving({
    name: 'vp',
    logAlphaBar: (t) => -low * t - 0.5 * slope * t * t,
    beta: (t) => low + slope * t,
    timeOfLog: (log) => (-2 * log) / (low + Math.sqrt(low * low - 2 * slope * log)),
  });
}

/** The process of a discrete schedule, its log ᾱ joined by straight lines. Source: Lu et al. 2022 (DPM-Solver), section 3.4. */
export function discreteProcess(tables: Schedule): VariancePreserving {
  const T = tables.steps;
  const logs = new Float64Array(T + 1);
  tables.betas.forEach((beta, n) => (logs[n + 1] = logs[n]! + Math.log1p(-beta)));
  return variancePreserving({
    name: tables.name,
    schedule: tables,
    logAlphaBar: (t) => {
      const below = Math.min(Math.floor(t * T), T - 1);
      return logs[below]! + (t * T - below) * (logs[below + 1]! - logs[below]!);
    },
    // t = n/T may come out a hair above n when multiplied by T; that is still step n.
    beta: (t) => {
      const above = Math.min(Math.max(Math.ceil(t * T - 1e-9), 1), T);
      return T * (logs[above - 1]! - logs[above]!);
    },
    timeOfLog: (log) => {
      let [low, high] = [0, T];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (logs[middle]! > log) low = middle;
        else high = middle;
      }
      return (low + (logs[low]! - log) / (logs[low]! - logs[high]!)) / T;
    },
  });
}

/**
 * A continuous process in T equal steps of its clock: β_n = 1 − ᾱ((n+1)/T) / ᾱ(n/T).
 * Source: Song et al. 2021 (score SDE), section 3.4 and appendix B, read from the continuous side.
 * @throws RangeError for steps < 1
 */
export function inSteps(process: VariancePreserving, steps: number): Schedule {
  checkSteps(steps);
  const log = (n: number) => process.logAlphaBar(n / steps);
  return fromBetas(
    process.name,
    Float64Array.from({ length: steps }, (_, n) => -Math.expm1(log(n + 1) - log(n))),
  );
}

/** The straight path x_t = (1 − t) x0 + t ε. Source: Liu et al. 2022 (rectified flow), equation 1. */
export function rectifiedFlow(): Process {
  return {
    name: 'rectified-flow',
    signalRate: (t) => 1 - checkTime(t),
    noiseRate: (t) => checkTime(t),
    rateSlopes: (t) => (checkTime(t), { signal: -1, noise: 1 }),
    halfLogSnr: (t) => Math.log1p(-checkTime(t)) - Math.log(t),
    timeAt: (lambda) => 1 / (1 + Math.exp(lambda)),
  };
}

interface Clock {
  readonly name: string;
  readonly schedule?: Schedule;
  logAlphaBar(t: number): number;
  beta(t: number): number;
  /** Inverse of logAlphaBar for values ≤ 0. */
  timeOfLog(log: number): number;
}

function variancePreserving(clock: Clock): VariancePreserving {
  const log = (t: number) => clock.logAlphaBar(checkTime(t));
  const beta = (t: number) => clock.beta(checkTime(t));
  const signalRate = (t: number) => Math.exp(0.5 * log(t));
  const noiseRate = (t: number) => Math.sqrt(Math.max(0, -Math.expm1(log(t))));
  return {
    name: clock.name,
    ...(clock.schedule && { schedule: clock.schedule }),
    logAlphaBar: log,
    alphaBar: (t) => Math.exp(log(t)),
    beta,
    signalRate,
    noiseRate,
    rateSlopes: (t) => ({
      signal: -0.5 * beta(t) * signalRate(t),
      noise: (0.5 * beta(t) * signalRate(t) ** 2) / noiseRate(t),
    }),
    halfLogSnr: (t) => 0.5 * (log(t) - Math.log(-Math.expm1(log(t)))),
    timeAt: (lambda) => {
      // log ᾱ = −log(1 + e^(−2λ)), written so that neither end overflows.
      const down = -2 * lambda;
      const logAlphaBar = -(Math.max(down, 0) + Math.log1p(Math.exp(-Math.abs(down))));
      return Math.min(1, Math.max(0, clock.timeOfLog(logAlphaBar)));
    },
  };
}

/**
 * The process as a variance-preserving one.
 * @param who what asks for it, for the sentence.
 * @throws RangeError for a process without ᾱ, such as rectified flow.
 */
export function requireVp(process: Process, who: string): VariancePreserving {
  if (!('alphaBar' in process))
    throw new RangeError(
      `${who} needs a variance-preserving process; '${process.name}' is not one. Use euler, heun or ddim with eta 0.`,
    );
  return process as VariancePreserving;
}

/** @returns t. @throws RangeError unless t is a number in [0, 1]. */
export function checkTime(t: number): number {
  if (!(t >= 0 && t <= 1))
    throw new RangeError(`The time t is ${t}; it must lie between 0 (clean) and 1 (noise).`);
  return t;
}
