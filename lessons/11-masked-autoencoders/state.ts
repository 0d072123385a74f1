import { pixelField } from '#lib/notebook/classifier-sizes.ts';
import { defineState, int, name, oneOf, real } from '#lib/state/schema.ts';
import { KINDS } from './masks.ts';

/** What stands beside the picture. */
export const VIEWS = ['hide', 'way', 'cost', 'share', 'norm', 'break'] as const;
/** Stations of the way through the network. */
export const STATIONS = ['patches', 'shuffle', 'keep', 'encode', 'fill', 'unshuffle', 'paint'] as const;
/** What is done to the network: nothing, or one of four changes. */
export const CHANGES = ['places', 'zeros', 'mean', 'bert'] as const;
/** Seeds of a mask. */
export const SEEDS = { min: 0, max: 99 } as const;

/** The permalink of lesson 11. */
export const state = defineState(1, {
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** A pixel (row, column) of 224 a side: the patch that holds it is the chosen one. */
  at: pixelField([88, 120]),
  view: oneOf('hide', VIEWS),
  /** Part of the patches that is hidden. */
  r: real(0.75, { min: 0, max: 1, digits: 2 }),
  kind: oneOf('random', KINDS),
  seed: int(3, SEEDS),
  /** The painted mask, see masks.ts; one of another number of patches than the model has counts as none. */
  mask: name('none'),
  step: oneOf('patches', STATIONS),
  change: oneOf('places', CHANGES),
});

export type MaskedFields = typeof state.fields;
