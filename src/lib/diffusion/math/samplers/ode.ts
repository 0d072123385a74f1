import type { Process } from '../process.ts';
import { mix, type Values } from '../values.ts';
import { ask, march, type Sampler, type SamplerOptions } from './step.ts';

/**
 * What the probability-flow ODE is stepped in: `time` dx/dt, or `sigma` the ratio
 * σ = noiseRate/signalRate with d(x/signalRate)/dσ = ε̂ (Karras et al. 2022, equations 1 and 4).
 * An Euler step in `sigma` is a DDIM step. `sigma` suits schedules whose β explodes (cosine), with `lambda` spacing for Heun.
 */
export type OdeVariable = 'time' | 'sigma';

export interface OdeOptions<X extends Values = Values> extends SamplerOptions<X> {
  /** Default `time`. */
  readonly variable?: OdeVariable;
}

/**
 * Euler on the probability-flow ODE dx/dt = signalRate′·x̂0 + noiseRate′·ε̂; for a
 * variance-preserving process that is −½βx + ½β·ε̂/noiseRate, for rectified flow u = ε̂ − x̂0,
 * so x ← x − Δt·u. First order. Source: Song et al. 2021 (score SDE), equation 13; Liu et al. 2022.
 * @throws RangeError for an unknown variable, or `sigma` where there is no signal.
 */
export function euler<X extends Values>(options: OdeOptions<X>): Sampler<X> {
  const ode = odeOf(options);
  return march(options, ({ from, to, x, x0, eps }) => ode.step(x, from, to, [[1, ode.slope(from, x0, eps)]]));
}

/**
 * Heun: an Euler step, the slope again at its end, then the step with the mean of both slopes.
 * Second order, two calls of the model a step; a step that arrives at t = 0, where the slope has no
 * value, stays an Euler step. Source: Karras et al. 2022, algorithm 1.
 * @throws RangeError as {@link euler}.
 */
export function heun<X extends Values>(options: OdeOptions<X>): Sampler<X> {
  const ode = odeOf(options);
  return march(options, async ({ from, to, x, x0, eps }) => {
    const first = ode.slope(from, x0, eps);
    const guess = ode.step(x, from, to, [[1, first]]);
    if (options.process.noiseRate(to) === 0) return guess;
    const there = await ask(options, guess, to);
    const second = ode.slope(to, there.x0, there.eps);
    return ode.step(x, from, to, [
      [0.5, first],
      [0.5, second],
    ]);
  });
}

interface Ode<X extends Values> {
  slope(t: number, x0: X, eps: X): X;
  step(x: X, from: number, to: number, slopes: readonly (readonly [number, X])[]): X;
}

function odeOf<X extends Values>({ process, variable = 'time' }: OdeOptions<X>): Ode<X> {
  if (variable === 'time') return inTime(process);
  if (variable === 'sigma') return inSigma(process);
  throw new RangeError(`The ODE has no variable called '${String(variable)}'; use time or sigma.`);
}

function inTime<X extends Values>(process: Process): Ode<X> {
  return {
    slope: (t, x0, eps) => {
      const slopes = process.rateSlopes(t);
      return mix(x0, [slopes.signal, x0], [slopes.noise, eps]);
    },
    step: (x, from, to, slopes) =>
      mix(x, [1, x], ...slopes.map(([weight, slope]) => [weight * (to - from), slope] as const)),
  };
}

function inSigma<X extends Values>(process: Process): Ode<X> {
  const sigma = (t: number) => {
    const signal = process.signalRate(t);
    if (signal === 0)
      throw new RangeError(
        `At t = ${t} '${process.name}' has no signal, so sigma is infinite; start below it.`,
      );
    return process.noiseRate(t) / signal;
  };
  return {
    slope: (_t, _x0, eps) => eps,
    step: (x, from, to, slopes) => {
      const [stretch, scale] = [sigma(to) - sigma(from), process.signalRate(to)];
      const terms = slopes.map(([weight, slope]) => [scale * weight * stretch, slope] as const);
      return mix(x, [scale / process.signalRate(from), x], ...terms);
    },
  };
}
