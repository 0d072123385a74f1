import {
  exactEps,
  normals,
  sample,
  scoreAt,
  SeededNoise,
  VP,
  type Mixture,
} from '#lib/diffusion/math/index.ts';
import type { TOYS } from './state.ts';

export type ToyName = (typeof TOYS)[number];

const ring = (n: number, radius: number, s: number) =>
  Array.from({ length: n }, (_, i) => ({
    weight: 1 / n,
    x: radius * Math.cos((2 * Math.PI * i) / n),
    y: radius * Math.sin((2 * Math.PI * i) / n),
    s,
  }));

/** `one` is the Gaussian that src/lib/diffusion/math/oracle.test.ts holds every sampler to, once for each coordinate. */
export const MIXTURES: Readonly<Record<ToyName, Mixture>> = {
  one: { parts: [{ weight: 1, x: 0.5, y: 0.5, s: 0.5 }] },
  three: {
    parts: [
      { weight: 0.5, x: -0.8, y: -0.7, s: 0.18 },
      { weight: 0.3, x: 1, y: -0.4, s: 0.18 },
      { weight: 0.2, x: 0, y: 1.1, s: 0.18 },
    ],
  },
  ring: { parts: ring(8, 1.3, 0.1) },
};

/** Where the probability-flow ODE moves a point per unit of falling time: ½β(x + score). */
export function flowAt(mixture: Mixture, t: number, x: number, y: number): readonly [number, number] {
  const { dx, dy } = scoreAt(mixture, t, x, y);
  const half = 0.5 * VP.beta(t);
  return [half * (x + dx), half * (y + dy)];
}

export interface ToySettings {
  readonly mixture: Mixture;
  readonly sampler: string;
  readonly steps: number;
  readonly eta: number;
  readonly seed: number;
  readonly points: number;
}

/** All states of a run: `states[k]` `[2n]` at `times[k]`, k = 0 … N. */
export interface ToyRun {
  readonly times: readonly number[];
  readonly states: readonly Float64Array[];
}

/** The points a run sets out with, `[2n]` standard normals. */
export function toyStart(seed: number, points: number): Float64Array {
  return normals(seed, 0, 2 * points);
}

/** Runs a sampler of src/lib/diffusion on the exact ε̂. Lets the page breathe. @throws the signal's reason */
export async function runToy(settings: ToySettings, signal?: AbortSignal): Promise<ToyRun> {
  const { mixture, sampler, steps, eta, seed, points } = settings;
  const x = toyStart(seed, points);
  const states = [x];
  const times = [1];
  let since = performance.now();
  const run = sample<Float64Array>(sampler, {
    process: VP,
    predicts: 'eps',
    model: (at, t) => exactEps(mixture, at as Float64Array, t),
    x,
    steps,
    eta,
    noise: new SeededNoise(seed + 1, 0),
    ...(signal && { signal }),
  });
  for await (const step of run) {
    states.push(step.x);
    times.push(step.t);
    if (performance.now() - since < 10) continue;
    await new Promise((done) => setTimeout(done));
    since = performance.now();
  }
  return { times, states };
}

/** Steps that stand for "exact" in the toy: halving them moves no point by more than the test says. */
export const FINE = 200;

/** Where the probability-flow ODE carries each point, `[2n]`: second order in many steps. */
export async function exactEnds(settings: ToySettings, signal?: AbortSignal): Promise<Float64Array> {
  const fine = { ...settings, sampler: 'heun', steps: FINE, eta: 0 };
  return (await runToy(fine, signal)).states.at(-1)!;
}

/** What became of the points, part by part. */
export interface ToyVerdict {
  /** Largest difference between the share of points a part got (those nearest to it) and its weight. */
  readonly share: number;
  /** Spread of the points around the parts' middles, over the true one, minus 1. */
  readonly spread: number;
}

export function verdictOf({ parts }: Mixture, points: Float64Array): ToyVerdict {
  const counts = parts.map(() => 0);
  let [found, right] = [0, 0];
  for (let i = 0; i < points.length; i += 2) {
    let best = 0;
    let least = Infinity;
    parts.forEach((part, k) => {
      const d = (points[i]! - part.x) ** 2 + (points[i + 1]! - part.y) ** 2;
      if (d < least) [best, least] = [k, d];
    });
    counts[best] = counts[best]! + 1;
    found += least;
    right += 2 * parts[best]!.s ** 2;
  }
  const n = points.length / 2;
  return {
    share: Math.max(...parts.map((part, k) => Math.abs(counts[k]! / n - part.weight))),
    spread: Math.sqrt(found / right) - 1,
  };
}

/** Root mean square distance of points to their exact ends, over the first `exact.length / 2` of them. */
export function distanceTo(exact: Float64Array, points: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < exact.length; i++) sum += (points[i]! - exact[i]!) ** 2;
  return Math.sqrt((2 * sum) / exact.length);
}

/** The exact law of one coordinate of a sampler's result on `one`. */
export interface Law {
  readonly mean: number;
  /** Standard deviation over the true one, minus 1. */
  readonly deviation: number;
}

/**
 * A sampler on one Gaussian maps x_T and its noise affinely, so its law follows without drawing a sample: column 0
 * sees no noise, column 1 only x_T, column 1 + k only draw k. The same device as in src/lib/diffusion/math/oracle.test.ts.
 */
export async function lawOf(sampler: string, steps: number, eta = 0): Promise<Law> {
  const { x: m, s } = MIXTURES.one.parts[0]!;
  const x = new Float64Array(steps + 2);
  x[1] = 1;
  let drawn = 0;
  const noise = {
    normal: (n: number) => {
      const out = new Float64Array(n);
      out[1 + ++drawn] = 1;
      return out;
    },
  };
  const model = (at: Float64Array, t: number) => {
    const [a, b] = [VP.signalRate(t), VP.noiseRate(t)];
    return at.map((v) => (b * (v - a * m)) / (a * a * s * s + b * b));
  };
  let end = x;
  const run = sample<Float64Array>(sampler, {
    process: VP,
    predicts: 'eps',
    model: model as never,
    noise,
    x,
    steps,
    eta,
  });
  for await (const step of run) end = step.x as Float64Array<ArrayBuffer>;
  const mean = end[0]!;
  const variance = end.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(variance) / s - 1 };
}
