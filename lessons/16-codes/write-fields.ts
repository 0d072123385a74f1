import { int, oneOf, real } from '#lib/state/schema.ts';
import { line } from '#lib/state/words.ts';
import { STYLES } from '#lib/notebook/painting/styles.ts';
import { FILLS, ORDERS } from './names.ts';

/** What the reader may set of a written picture, and of the views `write`, `next`, `cache`, `edit`. */
export const writeFields = {
  /** What the reader has typed, and the drawing style. */
  word: line('goat'),
  style: oneOf('noto', [...STYLES, 'none']),
  /** In which order codes are chosen. */
  order: oneOf('raster', ORDERS),
  seed: int(1, { min: 0, max: 9999 }),
  /** Guidance weight, temperature, how many of the likeliest codes may be drawn (0: all). */
  w: real(3, { min: 0, max: 10, digits: 1 }),
  tau: real(1, { min: 0, max: 3, digits: 2 }),
  topk: int(0, { min: 0, max: 512 }),
  /** The step on show; −1: the newest. */
  k: int(-1, { min: -1, max: 140 }),
  /** Guidance weight, temperature and top-k of the one code that `next` looks at. */
  gw: real(3, { min: 0, max: 10, digits: 1 }),
  gt: real(1, { min: 0, max: 3, digits: 2 }),
  gk: int(0, { min: 0, max: 512 }),
  /** The chosen place, row by row; of several scales in the grid of the scale `esc`. */
  at: int(27, { min: 0, max: 63 }),
  /** What is put there in `edit`; −1: the likeliest other code. And how far around it a masked picture is written anew. */
  put: int(-1, { min: -1, max: 511 }),
  esc: int(2, { min: 0, max: 5 }),
  reach: int(1, { min: 0, max: 3 }),
  /** The block whose cache is drawn, and whether its keys or its values are. */
  layer: int(0, { min: 0, max: 7 }),
  kv: oneOf('k', ['k', 'v']),
  /** The order of the break `shuffled`. */
  fill: oneOf('shuffled', FILLS),
};
