import { mix, type Values } from '../values.ts';
import { FEW_STEPS } from './names.ts';
import { march, type Sampler, type SamplerOptions } from './step.ts';

export { FEW_STEPS };

export interface DpmOptions<X extends Values = Values> extends SamplerOptions<X> {
  /** Order of the last step: default 1 up to {@link FEW_STEPS} steps, else 2. A step to t = 0 is always first-order. */
  readonly lastOrder?: 1 | 2;
  /** For a run that goes on at times[0]: the step before, its x̂0 and its stretch of λ. */
  readonly before?: { readonly x0: Values; readonly h: number };
}

/**
 * DPM-Solver++(2M): with h = λ_s − λ_t and r = h_before/h,
 * D = (1 + 1/2r)·x̂0 − (1/2r)·x̂0_before and x_s = (noise_s/noise_t)·x − signal_s·(e^(−h) − 1)·D.
 * The first step uses D = x̂0 (a DDIM step). Second order, one call of the model a step.
 * Use `lambda` or `quadratic` spacing: with few steps even in t, the second order makes the last,
 * longest stretches of λ worse than DDIM.
 * Source: Lu et al. 2022 (DPM-Solver++), algorithm 2.
 * @throws RangeError for another lastOrder.
 */
export function dpmSolver2M<X extends Values>(options: DpmOptions<X>): Sampler<X> {
  const { process, times } = options;
  const last = times.length - 1;
  const lastOrder = options.lastOrder ?? (last <= FEW_STEPS ? 1 : 2);
  if (lastOrder !== 1 && lastOrder !== 2)
    throw new RangeError(`The order of the last step is ${String(lastOrder)}; it must be 1 or 2.`);
  let { before } = options;
  return march(options, ({ step, from, to, x, x0 }) => {
    const h = process.halfLogSnr(to) - process.halfLogSnr(from);
    const first = !before || (step === last && lastOrder === 1) || process.noiseRate(to) === 0;
    const half = first ? 0 : h / (2 * before!.h);
    const scale = -process.signalRate(to) * Math.expm1(-h);
    const terms: (readonly [number, Values])[] = [
      [process.noiseRate(to) / process.noiseRate(from), x],
      [scale * (1 + half), x0],
    ];
    if (before && half !== 0) terms.push([-scale * half, before.x0]);
    before = { x0, h };
    return mix(x, ...terms);
  });
}
