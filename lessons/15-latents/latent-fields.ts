import { int, oneOf, real } from '#lib/state/schema.ts';
import { line } from '#lib/state/words.ts';

/** What is added to a latent at most, in standard deviations. */
export const ADDED = { min: -4, max: 4 } as const;
/** What the view `lost` shows: a picture beside its reconstruction, or what a factor saves. */
export const LOSSES = ['picture', 'factors'] as const;
/** Whose latents are measured. */
export const SETS = ['photos', 'signs'] as const;

/** What the reader may set of the views `latent`, `lost` and `scale`. */
export const latentFields = {
  /** Id of a sign that is encoded in place of the picture; none where it is empty. */
  sign: line(''),
  /** The chosen cell, row by row, its channel, and what is added to that number. */
  cell: int(27, { min: 0, max: 4095 }),
  ch: int(0, { min: 0, max: 31 }),
  add: real(0, { ...ADDED, digits: 2 }),
  loss: oneOf('picture', LOSSES),
  set: oneOf('photos', SETS),
  /** The time at which signal and noise are compared. */
  when: real(0.5, { min: 0, max: 1, digits: 2 }),
};
