import { DEPTH, DIM, patchField, pixelField } from '#lib/notebook/classifier-sizes.ts';
import { defineState, flag, int, name, oneOf } from '#lib/state/schema.ts';

/** What the stage shows. */
export const VIEWS = ['block', 'work', 'norm', 'gelu', 'depth', 'skip', 'order', 'maps'] as const;
/** The published sizes whose block is counted, by their preset. */
export const SIZES = ['ti', 's', 'b', 'l', 'h'] as const;

/** The permalink of lesson 4. */
export const state = defineState(1, {
  /** Pixels a side of a patch. */
  p: patchField(16),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** A pixel (row, column): the token of the patch that holds it is followed. */
  at: pixelField([124, 180]),
  /** The class token is followed instead. */
  cls: flag(false),
  /** The block, from 0 as in the names of its tensors. */
  b: int(5, { min: 0, max: DEPTH - 1 }),
  view: oneOf('block', VIEWS),
  /** The values of the followed token lie in the diagram. */
  follow: flag(false),
  /** Which of the two LayerNorms is worked by hand. */
  ln: oneOf('1', ['1', '2']),
  /** Feature whose normalisation is written out. */
  k: int(0, { min: 0, max: DIM - 1 }),
  /** Whose inputs of GELU are counted. */
  who: oneOf('all', ['all', 'token']),
  size: oneOf('b', SIZES),
  /** Blocks that are left out: bit i for block i. */
  off: int(0, { min: 0, max: 2 ** DEPTH - 1 }),
  /** On a small stage: which of the two orders is drawn. */
  order: oneOf('pre', ['pre', 'post']),
  /** Principal components of each depth by itself, or of all depths together. */
  basis: oneOf('own', ['own', 'all']),
  /** Depth of the map shown large: 0 the tokens, i after block i − 1. */
  d: int(DEPTH, { min: 0, max: DEPTH }),
});

export type BlockFields = typeof state.fields;
