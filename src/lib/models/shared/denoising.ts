import { addNoise } from '#lib/diffusion/math/forward.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import { momentOf } from '#lib/diffusion/math/spec.ts';
import type { Given, InputSpec, InputValues } from '../family.ts';
import { pictureInput } from './inputs.ts';

/** What the configurations of denoisers have in common: a square picture with classes. */
export interface DenoiserConfig {
  /** Side of the square picture (or latent) in pixels. */
  readonly image: number;
  readonly channels: number;
  /** Classes K; 0: the model knows the time alone. */
  readonly classes: number;
  /** The label table has a row more, K, that stands for "no class". */
  readonly nullClass: boolean;
}

/** The inputs of a denoiser: `x` its noisy picture, `t` the time, and `y` the class where it is told one. */
export function denoiserInputs(c: DenoiserConfig): readonly InputSpec[] {
  const classes = { count: c.classes, ...(c.nullClass && { none: c.classes }) };
  return [
    pictureInput('state', c),
    { name: 't', role: 'time', shape: [1], dims: ['B'] },
    ...(c.classes > 0 ? [{ name: 'y', role: 'class', shape: [1], dims: ['B'], classes } as const] : []),
  ];
}

/** The row of the class table: the class chosen, "no class" for −1 where there is one, and never outside the table. */
export function classRow(c: DenoiserConfig, chosen: number): number {
  if (chosen >= 0 && chosen < c.classes) return chosen;
  return c.nullClass ? c.classes : 0;
}

/**
 * What a denoiser is fed: the state of a run that is given, else the picture brought to the time with the seed's noise.
 * Without the section `diffusion` of its config.json the picture is fed as it is.
 */
export function denoiserFeed(c: DenoiserConfig, given: Given): InputValues | undefined {
  const { picture, state, diffusion } = given;
  if (!diffusion) return picture && { x: picture };
  const { process, t } = momentOf(diffusion, state?.t ?? given.time);
  const x = state?.x ?? (picture && addNoise(process, t, picture, startNoise(given.seed, 1, picture.length)));
  if (!x) return undefined;
  const { fed } = momentOf(diffusion, state?.t ?? t);
  return {
    x,
    t: Float32Array.of(fed),
    ...(c.classes > 0 && { y: Float32Array.of(classRow(c, given.class)) }),
  };
}
