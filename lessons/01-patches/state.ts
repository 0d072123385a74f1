import { defineState, flag, int, name, oneOf, pair } from '#lib/state/schema.ts';

/** Pixels a side of what the model sees; the state's pixel coordinates count in it. */
export const SIDE = 224;
/** The patch sizes the slider reaches. */
export const PATCH_RANGE = { min: 4, max: 64 } as const;

/** What stands beside the picture. */
export const VIEWS = ['patch', 'dot', 'cost', 'answer', 'sizes'] as const;
export type View = (typeof VIEWS)[number];
/** The models of the comparison, by their preset in src/lib/models. */
export const SIZES = ['ti', 'b', 'l', 'h'] as const;

/** The permalink of lesson 1. */
export const state = defineState(1, {
  /** Pixels a side of a patch. */
  p: int(16, PATCH_RANGE),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** A pixel (row, column): the patch that holds it is the chosen one, at every patch size. */
  at: pair([124, 180], { min: 0, max: SIDE - 1 }),
  /** The picture whole, in patches, or as rows of the table. */
  grid: oneOf('whole', ['whole', 'apart', 'rows']),
  view: oneOf('patch', VIEWS),
  /** Order in which a patch's values stand in its row. */
  order: oneOf('crc', ['crc', 'rcc']),
  /** Feature of the embedding whose dot product is shown. */
  k: int(0, { min: 0, max: 191 }),
  size: oneOf('b', SIZES),
  /** Run the model at a size it was not trained for. */
  force: flag(false),
});

export type PatchesFields = typeof state.fields;
