import { DIM, pixelField } from '#lib/notebook/classifier-sizes.ts';
import { defineState, flag, int, name, oneOf } from '#lib/state/schema.ts';

/** The patch sizes the slider reaches. */
export const PATCH_RANGE = { min: 4, max: 64 } as const;

/** What stands beside the picture. */
export const VIEWS = ['patch', 'dot', 'cost', 'answer', 'sizes'] as const;
/** The models of the comparison, by their preset in src/lib/models. */
export const SIZES = ['ti', 'b', 'l', 'h'] as const;

/** The permalink of lesson 1. */
export const state = defineState(1, {
  /** Pixels a side of a patch. */
  p: int(16, PATCH_RANGE),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** A pixel (row, column): the patch that holds it is the chosen one, at every patch size. */
  at: pixelField([124, 180]),
  /** The picture whole, in patches, or as rows of the table. */
  grid: oneOf('whole', ['whole', 'apart', 'rows']),
  view: oneOf('patch', VIEWS),
  /** Order in which a patch's values stand in its row. */
  order: oneOf('crc', ['crc', 'rcc']),
  /** Feature of the embedding whose dot product is shown. */
  k: int(0, { min: 0, max: DIM - 1 }),
  size: oneOf('b', SIZES),
  /** Run the model at a size it was not trained for. */
  force: flag(false),
});

export type PatchesFields = typeof state.fields;
