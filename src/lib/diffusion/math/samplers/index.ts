import { timeGrid, type Spacing } from '../timesteps.ts';
import type { Values } from '../values.ts';
import { ddim, type DdimOptions, ddpm, type DdpmOptions } from './ancestral.ts';
import { dpmSolver2M, type DpmOptions } from './dpm.ts';
import { euler, heun, type OdeOptions } from './ode.ts';
import { DEFAULT_SPACING, SAMPLERS, samplerName, type SamplerName } from './names.ts';
import { reverseSde } from './sde.ts';
import type { Sampler, SamplerOptions } from './step.ts';

export { DEFAULT_SPACING, SAMPLERS, samplerName, type SamplerName };

type Extras<X extends Values> = Partial<
  Pick<DdpmOptions<X>, 'variance'> &
    Pick<DdimOptions<X>, 'eta'> &
    Pick<OdeOptions<X>, 'variable'> &
    Pick<DpmOptions<X>, 'lastOrder' | 'before'>
>;

export interface SampleOptions<X extends Values = Values>
  extends Omit<SamplerOptions<X>, 'times'>, Extras<X> {
  /** Number of sampler steps, ≥ 1. */
  readonly steps: number;
  /** Default: {@link DEFAULT_SPACING}. */
  readonly spacing?: Spacing;
  /** Default 1. */
  readonly start?: number;
  /** Default 0. */
  readonly end?: number;
  readonly closest?: number;
  readonly snap?: boolean;
}

/**
 * A sampler by name over a grid of `steps` steps; options that a sampler does not have are ignored.
 * @throws RangeError for an unknown name, and as timeGrid and the sampler do.
 */
export function sample<X extends Values>(name: string, options: SampleOptions<X>): Sampler<X> {
  const known = samplerName(name);
  const times = timeGrid(options.process, { ...options, spacing: options.spacing ?? DEFAULT_SPACING[known] });
  return sampleOver(known, { ...options, times });
}

/** A sampler by name over the times it is given; options that a sampler does not have are ignored. */
export function sampleOver<X extends Values>(
  name: SamplerName,
  full: SamplerOptions<X> & Extras<X>,
): Sampler<X> {
  switch (name) {
    case 'ddpm':
      return ddpm(full);
    case 'ddim':
      return ddim(full);
    case 'euler':
      return euler(full);
    case 'heun':
      return heun(full);
    case 'dpmpp-2m':
      return dpmSolver2M(full);
    case 'sde':
      return reverseSde(full);
  }
}
