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
