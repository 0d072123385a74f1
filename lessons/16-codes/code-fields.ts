import { int, oneOf, real } from '#lib/state/schema.ts';
import { line } from '#lib/state/words.ts';

/** How the codes of the book are sorted. */
export const SORTS = ['number', 'use', 'light'] as const;
/** What the small example of training does with the step that has no gradient. */
export const GRADIENTS = ['through', 'none'] as const;
/** Which half of the codebook may be used. */
export const HALVES = ['used', 'unused', 'random'] as const;

/** What the reader may set of the views of codes: `nearest`, `book`, `replace`, `through`, `rate`, `pyramid`, and of `half-book`. */
export const codeFields = {
  /** Id of a sign that is encoded in place of the picture; none where it is empty. */
  sign: line(''),
  /** The chosen place of the grid, row by row, and the code that is put there. */
  cell: int(27, { min: 0, max: 63 }),
  /** Which of the nearest codes is compared by hand, 0: the nearest. */
  nth: int(0, { min: 0, max: 7 }),
  /** The code that is put there in place of its own; −1: the one farthest from it, −2: the nearest other one. */
  to: int(-1, { min: -2, max: 511 }),
  /** The chosen code of the book, and how the book is sorted. */
  code: int(0, { min: 0, max: 511 }),
  sort: oneOf('use', SORTS),
  /** The small example: with or without the straight-through gradient, weight of the commitment loss, steps made. */
  grad: oneOf('through', GRADIENTS),
  beta: real(0.25, { min: 0, max: 2, digits: 2 }),
  made: int(0, { min: 0, max: 80 }),
  /** Quality of the JPEG beside the codes, in per cent. */
  q: int(30, { min: 1, max: 100 }),
  /** How many scales of the pyramid are added up. */
  upto: int(6, { min: 1, max: 6 }),
  /** The half of the codebook that a picture is written with. */
  half: oneOf('unused', HALVES),
};
