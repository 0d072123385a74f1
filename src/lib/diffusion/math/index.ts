/** Noise schedules, the forward process, conversions and samplers; the same names and numbers as training/diffusion. */
export * from './convert.ts';
export * from './forward.ts';
export * from './guidance.ts';
export * from './loss.ts';
export * from './noise.ts';
export * from './process.ts';
export * from './schedules.ts';
export * from './timesteps.ts';
export * from './values.ts';
export * from './samplers/ancestral.ts';
export * from './samplers/dpm.ts';
export * from './samplers/index.ts';
export * from './samplers/ode.ts';
export * from './samplers/sde.ts';
export * from './samplers/step.ts';
