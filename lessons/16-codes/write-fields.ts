import { int, oneOf, real } from '#lib/state/schema.ts';
import { line } from '#lib/state/words.ts';
import { ORDERS } from './names.ts';

/** What the reader may set of a written picture, and of the views `write`, `next`, `cache`, `edit`. */
export const writeFields = {
  /** What the reader has typed, and the drawing style. */
  word: line('goat'),
  style: oneOf('noto', ['noto', 'twemoji', 'fluent', 'openmoji', 'none']),
  /** In which order codes are chosen. */
  order: oneOf('raster', ORDERS),
  seed: int(1, { min: 0, max: 9999 }),
  /** Guidance weight, temperature, how many of the likeliest codes may be drawn (0: all). */
  w: real(3, { min: 0, max: 10, digits: 1 }),
  tau: real(1, { min: 0, max: 3, digits: 2 }),
  topk: int(0, { min: 0, max: 512 }),
  /** The step on show; −1: the newest. */
  k: int(-1, { min: -1, max: 140 }),
};
