import { checkTime, type Process } from './process.ts';
import { checkSteps } from './schedules.ts';

/**
 * What a network is fed as its time, given t in [0, 1]:
 * `unit` t · `999t` 999 t (U-ViT's pixel models) · `1000t` 1000 t · `index` n = T t − 1, 0 … T−1 (DDPM, DiT)
 * · `count` n = T t, 1 … T (U-ViT's discrete models).
 */
export const TIME_CONVENTIONS = ['unit', '999t', '1000t', 'index', 'count'] as const;
export type TimeConvention = (typeof TIME_CONVENTIONS)[number];

/**
 * The number that a network is fed at time t.
 * `index` and `count` are rounded to a whole number when they are within 1e-6 of one; between two
 * indices they stay fractional, which a sinusoidal embedding accepts and a table does not.
 * @param process needed for T by `index` and `count`.
 * @throws RangeError for an unknown convention, t outside [0, 1], or a process without T.
 */
export function networkTime(convention: string, t: number, process: Process): number {
  checkTime(t);
  if (convention === 'unit') return t;
  if (convention === '999t') return 999 * t;
  if (convention === '1000t') return 1000 * t;
  if (convention !== 'index' && convention !== 'count')
    throw new RangeError(
      `There is no time convention called '${convention}'; use one of ${TIME_CONVENTIONS.join(', ')}.`,
    );
  if (!process.schedule)
    throw new RangeError(
      `The time convention '${convention}' needs a discrete schedule; '${process.name}' has none.`,
    );
  const count = t * process.schedule.steps;
  const whole = Math.round(count);
  const n = Math.abs(count - whole) < 1e-6 ? whole : count;
  return convention === 'index' ? n - 1 : n;
}

/** t of the state of index n of a schedule of T steps: (n+1)/T. @throws RangeError unless 0 ≤ n < T. */
export function timeOfIndex(n: number, steps: number): number {
  checkSteps(steps);
  if (!Number.isInteger(n) || n < 0 || n >= steps)
    throw new RangeError(`The index is ${n}; it must be a whole number from 0 to ${steps - 1}.`);
  return (n + 1) / steps;
}

/** How the times of a sampler are spread: evenly in t, in √t, or in λ = ½ log SNR. */
export const SPACINGS = ['uniform', 'quadratic', 'lambda'] as const;
export type Spacing = (typeof SPACINGS)[number];

export interface GridOptions {
  /** Number of sampler steps N; the grid has N+1 times. */
  readonly steps: number;
  /** Default `uniform`. */
  readonly spacing?: Spacing;
  /** First and noisiest time, default 1. */
  readonly start?: number;
  /** Last and cleanest time, default 0. */
  readonly end?: number;
  /** λ is infinite at t = 0: with `lambda` and end 0 the last step jumps to 0 from here. Default 1e-3. */
  readonly closest?: number;
  /** Move the times to whole indices of a discrete schedule, all different. Default false. */
  readonly snap?: boolean;
}

/**
 * The times of a sampler, [steps + 1], falling from `start` to `end`.
 * `uniform` over a schedule of T steps ends each stretch at its noisy side (T, T − T/N, …), the
 * "trailing" spacing of Lin et al. 2023, section 3.3.
 * @throws RangeError for steps < 1, an unknown spacing, times out of order, or more steps than indices when snapping.
 */
export function timeGrid(process: Process, options: GridOptions): number[] {
  const { steps, spacing = 'uniform', start = 1, end = 0, closest = 1e-3, snap = false } = options;
  checkSteps(steps);
  checkTime(start);
  checkTime(end);
  if (end >= start) throw new RangeError(`The grid would run from ${start} to ${end}; time must fall.`);
  const times = spread(process, spacing, steps, start, end, closest);
  times[0] = start;
  times[steps] = end;
  return snap ? snapped(process, times) : times;
}

function spread(
  p: Process,
  spacing: string,
  steps: number,
  start: number,
  end: number,
  closest: number,
): number[] {
  const line = (from: number, to: number, count: number) =>
    Array.from({ length: count + 1 }, (_, i) => from + (i / count) * (to - from));
  if (spacing === 'uniform') return line(start, end, steps);
  if (spacing === 'quadratic')
    return line(Math.sqrt(start), Math.sqrt(end), steps).map((root) => root * root);
  if (spacing !== 'lambda')
    throw new RangeError(`There is no spacing called '${spacing}'; use one of ${SPACINGS.join(', ')}.`);
  const from = p.halfLogSnr(start);
  if (!Number.isFinite(from))
    throw new RangeError(
      `Spacing 'lambda' cannot begin at t = ${start}, where '${p.name}' has no signal; start below it.`,
    );
  if (end > 0) return line(from, p.halfLogSnr(end), steps).map((lambda) => p.timeAt(lambda));
  if (steps === 1) return [start, 0];
  if (closest <= 0 || closest >= start)
    throw new RangeError(`The closest time is ${closest}; it must lie between 0 and the start, ${start}.`);
  return [...line(from, p.halfLogSnr(closest), steps - 1).map((lambda) => p.timeAt(lambda)), 0];
}

function snapped(process: Process, times: readonly number[]): number[] {
  const T = process.schedule?.steps;
  if (!T)
    throw new RangeError(`Only a discrete schedule has indices to snap to; '${process.name}' has none.`);
  const counts = times.map((t) => Math.round(t * T));
  const last = counts.length - 1;
  if (counts[0]! - counts[last]! < last)
    throw new RangeError(
      `The ${last} steps do not fit into the ${counts[0]! - counts[last]!} indices of this stretch.`,
    );
  for (let i = 1; i < last; i++) counts[i] = Math.min(counts[i]!, counts[i - 1]! - 1);
  for (let i = last - 1; i > 0; i--) counts[i] = Math.max(counts[i]!, counts[i + 1]! + 1);
  return counts.map((count) => count / T);
}

/** @throws RangeError unless `times` has two values or more, all in [0, 1] and falling. */
export function checkGrid(times: readonly number[]): void {
  if (times.length < 2)
    throw new RangeError(`The grid has ${times.length} times; a sampler needs at least 2.`);
  times.forEach((t, i) => {
    checkTime(t);
    if (i > 0 && t >= times[i - 1]!)
      throw new RangeError(`The grid goes from ${times[i - 1]!} to ${t} at step ${i}; time must fall.`);
  });
}
