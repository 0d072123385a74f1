import { GRID, holesField } from '#lib/diffusion/math/holes.ts';
import { int, oneOf, real } from '#lib/state/schema.ts';
import { line } from '#lib/state/words.ts';

/** Which attention is drawn: what patches give to a word, or what the word gives to patches. */
export const DIRECTIONS = ['to', 'from'] as const;
/** What is kept while the rest is filled in: what the words have painted, or the reader's picture. */
export const BASES = ['painted', 'picture'] as const;
/** What changes on a walk: the text, the noise, or both. */
export const WAYS = ['text', 'noise', 'both'] as const;

/** The sixteen cells in the middle. */
export const CENTRE: readonly number[] = [2, 3, 4, 5].flatMap((r) => [2, 3, 4, 5].map((c) => r * GRID + c));

/** What the reader may set of the views `told`, `attend`, `inpaint` and `walk`. Indices take the nearest that exists. */
export const toldFields = {
  /** The token of the sequence that is opened. */
  tok: int(3, { min: 0, max: 9999 }),
  /** The text beside the typed one. */
  beside: line('山羊'),
  /** Block and head of the attention; −1: the mean over all. The text token that is asked about. */
  blk: int(-1, { min: -1, max: 99 }),
  hd: int(-1, { min: -1, max: 99 }),
  tw: int(1, { min: 0, max: 99 }),
  dir: oneOf('to', DIRECTIONS),
  /** Cells that are painted anew, what is kept, and the text that fills them. */
  hole: holesField(CENTRE),
  base: oneOf('painted', BASES),
  fill: line('mushroom'),
  /** Where the walk goes to, the part of the way, what changes, and the seed of the other noise. */
  to: line('mushroom'),
  u: real(0.5, { min: 0, max: 1, digits: 2 }),
  way: oneOf('text', WAYS),
  seed2: int(2, { min: 0, max: 9999 }),
};
