import { posterior, posteriorMean } from '../forward.ts';
import { requireVp } from '../process.ts';
import { mix, type Values } from '../values.ts';
import { draw, march, type Sampler, type SamplerOptions } from './step.ts';

/** The variance of a DDPM step: β̃ (`small`, right for data that is one point) or β (`large`, right for white data). */
export type DdpmVariance = 'small' | 'large';

export interface DdpmOptions<X extends Values = Values> extends SamplerOptions<X> {
  /** Default `small`. */
  readonly variance?: DdpmVariance;
}

/**
 * Ancestral sampling: x_s = posterior mean(x̂0, x_t) + √variance · z, over any grid (neighbouring
 * indices give DDPM's own chain). A step that arrives at t = 0 draws no noise.
 * Source: Ho et al. 2020, algorithm 2 and section 3.2; coarse grids: Nichol & Dhariwal 2021, section 4.
 * @throws RangeError for a process without ᾱ, an unknown variance, or no noise source.
 */
export function ddpm<X extends Values>(options: DdpmOptions<X>): Sampler<X> {
  const { process, variance = 'small' } = options;
  requireVp(process, 'DDPM');
  if (variance !== 'small' && variance !== 'large')
    throw new RangeError(`There is no DDPM variance called '${String(variance)}'; use small or large.`);
  return march(options, ({ from, to, x, x0 }) => {
    const q = posterior(process, from, to);
    const mean = posteriorMean(q, x0, x);
    if (to === 0) return mean;
    const power = variance === 'small' ? q.variance : q.beta;
    return mix(x, [1, mean], [Math.sqrt(power), draw(options, 'DDPM', x)]);
  });
}

export interface DdimOptions<X extends Values = Values> extends SamplerOptions<X> {
  /** η in [0, 1]: 0 (default) adds no noise, 1 is DDPM with the small variance. */
  readonly eta?: number;
}

/**
 * DDIM: x_s = signalRate(s)·x̂0 + √(noiseRate(s)² − σ²)·ε̂ + σ·z with
 * σ² = η²·(1 − ᾱ_s)/(1 − ᾱ_t)·(1 − ᾱ_t/ᾱ_s). Noise is drawn only where σ > 0.
 * With η = 0 it runs on any process, and on rectified flow it is the Euler step.
 * Source: Song, Meng & Ermon 2021, equations 12 and 16.
 * @throws RangeError for η outside [0, 1], η > 0 on a process without ᾱ or without a noise source.
 */
export function ddim<X extends Values>(options: DdimOptions<X>): Sampler<X> {
  const { process, eta = 0 } = options;
  if (!(eta >= 0 && eta <= 1)) throw new RangeError(`The eta is ${eta}; it must lie between 0 and 1.`);
  if (eta > 0) requireVp(process, 'DDIM with eta above 0');
  return march(options, ({ from, to, x, x0, eps }) => {
    const power = eta > 0 ? eta * eta * posterior(process, from, to).variance : 0;
    // At η = 1 and a tiny stretch the difference may round below 0.
    const direction = Math.sqrt(Math.max(0, process.noiseRate(to) ** 2 - power));
    const next = mix(x, [process.signalRate(to), x0], [direction, eps]);
    return power > 0 ? mix(x, [1, next], [Math.sqrt(power), draw(options, 'DDIM', x)]) : next;
  });
}
