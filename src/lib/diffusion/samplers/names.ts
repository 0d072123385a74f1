/** Names that `sample` knows. A file of its own: whoever needs the names alone does not carry the samplers. */
export const SAMPLERS = ['ddpm', 'ddim', 'euler', 'heun', 'dpmpp-2m', 'sde'] as const;
export type SamplerName = (typeof SAMPLERS)[number];
