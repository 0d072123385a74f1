import { SAMPLERS } from '#lib/diffusion/math/samplers/names.ts';
import { defineState, flag, int, name, oneOf, real } from '#lib/state/schema.ts';
import { HOLES, holesField } from '#lib/diffusion/math/holes.ts';

/** The model this lesson runs: a folder under `models/`. */
export const MODEL = 'uvit-cifar10';
/** What the stage shows. */
export const VIEWS = [
  'run',
  'train',
  'mean',
  'few',
  'guide',
  'classes',
  'picture',
  'paint',
  'between',
  'toy',
  'learn',
] as const;
/** What the small multiples differ in. */
export const ROWS = ['samplers', 'steps'] as const;
/** What the ten pictures of a batch differ in: one noise under ten classes, or ten noises under one class. */
export const TENS = ['classes', 'noises'] as const;
/** Mixtures of the two-dimensional toy, see toy.ts. */
export const TOYS = ['three', 'ring', 'one'] as const;
export const STEPS = { min: 5, max: 100 } as const;
export const GUIDANCE = { min: 0, max: 8 } as const;
export const SEEDS = { min: 0, max: 9999 } as const;
/** The seed of picture `i` of ten that differ in their noise: the next ones, after the last again from the first. */
export const tenthSeed = (seed: number, i: number): number => (seed + i) % (SEEDS.max + 1);
/** Earliest and latest beginning of a run that sets out from a picture. */
export const BEGIN = { min: 0.1, max: 1 } as const;
/** Time of a training example. */
export const TIME = { min: 0.02, max: 1 } as const;

/** The permalink of lesson 7. */
const fields = {
  view: oneOf('run', VIEWS),
  /** Class by index, −1 for none. */
  c: int(7, { min: -1, max: 9 }),
  seed: int(44, SEEDS),
  /** Sampler steps N. */
  n: int(20, STEPS),
  m: oneOf('ddim', SAMPLERS),
  /** η of DDIM. */
  eta: real(0, { min: 0, max: 1, digits: 2 }),
  /** Guidance weight w. */
  w: real(2, { ...GUIDANCE, digits: 1 }),
  /** Keep x̂0 within [−1, 1]. */
  clip: flag(true),
  /** The step on show; −1, and beyond the last: the newest. */
  k: int(-1, { min: -1, max: STEPS.max }),
  row: oneOf('samplers', ROWS),
  ten: oneOf('classes', TENS),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('car'),
  /** Time at which a run sets out from the picture. */
  t: real(0.4, { ...BEGIN, digits: 2 }),
  /** Time of the training example. */
  time: real(0.5, { ...TIME, digits: 2 }),
  /** Squares of the picture that are painted anew, see diffusion/math/holes.ts. */
  hole: holesField(HOLES),
  /** Seed of the second noise. */
  seed2: int(46, SEEDS),
  toy: oneOf('three', TOYS),
};
export const state = defineState(1, fields, {}, ({ k, n }) => ({ k: k > n ? -1 : k }));

export type DenoiseFields = typeof state.fields;
