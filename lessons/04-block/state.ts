import { defineState, flag, int, name, oneOf, pair, type Field } from '#lib/state/schema.ts';

/**
 * Sizes of the model this lesson runs, written out so that the list of lessons needs no graph; a test holds them to
 * the model's config.json.
 */
export const MODEL = { side: 224, patches: [8, 14, 16, 28, 32], patch: 16, depth: 12, dim: 192 } as const;

/** What the stage shows. */
export const VIEWS = ['block', 'work', 'norm', 'gelu', 'depth', 'skip', 'order', 'maps'] as const;
export type View = (typeof VIEWS)[number];
/** The published sizes whose block is counted, by their preset. */
export const SIZES = ['ti', 's', 'b', 'l', 'h'] as const;

/** A patch size the model was trained for. */
const patch: Field<number> = {
  default: MODEL.patch,
  print: String,
  parse: (raw) => MODEL.patches.find((p) => String(p) === raw),
};

/** The permalink of lesson 4. */
export const state = defineState(1, {
  /** Pixels a side of a patch. */
  p: patch,
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** A pixel (row, column): the token of the patch that holds it is followed. */
  at: pair([124, 180], { min: 0, max: MODEL.side - 1 }),
  /** The class token is followed instead. */
  cls: flag(false),
  /** The block, from 0 as in the names of its tensors. */
  b: int(5, { min: 0, max: MODEL.depth - 1 }),
  view: oneOf('block', VIEWS),
  /** The values of the followed token lie in the diagram. */
  follow: flag(false),
  /** Which of the two LayerNorms is worked by hand. */
  ln: oneOf('1', ['1', '2']),
  /** Feature whose normalisation is written out. */
  k: int(0, { min: 0, max: MODEL.dim - 1 }),
  /** Whose inputs of GELU are counted. */
  who: oneOf('all', ['all', 'token']),
  size: oneOf('b', SIZES),
  /** Blocks that are left out: bit i for block i. */
  off: int(0, { min: 0, max: 2 ** MODEL.depth - 1 }),
  /** On a small stage: which of the two orders is drawn. */
  order: oneOf('pre', ['pre', 'post']),
  /** Principal components of each depth by itself, or of all depths together. */
  basis: oneOf('own', ['own', 'all']),
  /** Depth of the map shown large: 0 the tokens, i after block i − 1. */
  d: int(MODEL.depth, { min: 0, max: MODEL.depth }),
});

export type BlockFields = typeof state.fields;
