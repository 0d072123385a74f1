import type { Spacing } from '../timesteps.ts';

/** Names that `sample` knows. A file of its own: whoever needs the names alone does not carry the samplers. */
export const SAMPLERS = ['ddpm', 'ddim', 'euler', 'heun', 'dpmpp-2m', 'sde'] as const;
export type SamplerName = (typeof SAMPLERS)[number];

/** As the papers write them. */
export const SAMPLER_NAMES: Readonly<Record<SamplerName, string>> = {
  ddpm: 'DDPM',
  ddim: 'DDIM',
  euler: 'Euler',
  heun: 'Heun',
  'dpmpp-2m': 'DPM-Solver++ 2M',
  sde: 'SDE',
};

/** The grid each sampler gets when nothing is said. */
export const DEFAULT_SPACING: Readonly<Record<SamplerName, Spacing>> = {
  ddpm: 'uniform',
  ddim: 'uniform',
  euler: 'uniform',
  heun: 'quadratic',
  'dpmpp-2m': 'lambda',
  sde: 'uniform',
};

/** Steps up to which the last one of DPM-Solver++ is first-order unless told otherwise. */
export const FEW_STEPS = 20;

/** @throws RangeError for a name that is none of {@link SAMPLERS}. */
export function samplerName(name: string): SamplerName {
  const known = SAMPLERS.find((s) => s === name);
  if (!known)
    throw new RangeError(`There is no sampler called '${name}'; use one of ${SAMPLERS.join(', ')}.`);
  return known;
}
