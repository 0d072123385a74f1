import { int, oneOf, real } from '#lib/state/schema.ts';
import { line } from '#lib/state/words.ts';
import { SAMPLERS } from '#lib/diffusion/math/samplers/names.ts';
import { STYLES } from '#lib/notebook/painting/styles.ts';

/** Steps of a painting. */
export const STEPS = { min: 1, max: 50 } as const;

/** What the reader may set of a painting, and of the views `paint`, `guide` and `swap`. */
export const paintFields = {
  /** What the reader has typed, and the drawing style. */
  word: line('goat'),
  style: oneOf('noto', [...STYLES, 'none']),
  /** Guidance weight, sampler, steps, seed. */
  w: real(3, { min: 0, max: 10, digits: 1 }),
  m: oneOf('ddim', SAMPLERS),
  n: int(20, STEPS),
  seed: int(1, { min: 0, max: 9999 }),
  /** The step on show; −1, and beyond the last: the newest. */
  k: int(-1, { min: -1, max: STEPS.max }),
  /** What is decoded of each step: the estimate x̂0, or the state itself. */
  dec: oneOf('x0', ['x0', 'x']),
  /** The words of the second painting, and the steps that both are told the first words for. */
  other: line('mushroom'),
  after: int(0, { min: 0, max: STEPS.max - 1 }),
};
