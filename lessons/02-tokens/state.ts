import { DEPTH, DIM, HEADS, patchField, pixelField } from '#lib/notebook/classifier-sizes.ts';
import { defineState, flag, int, name, oneOf } from '#lib/state/schema.ts';

/** What stands beside the picture. */
export const VIEWS = ['filters', 'cls', 'positions', 'order', 'ladder'] as const;
/** What of the embedding is drawn. */
export const SHOWS = ['filters', 'components', 'twice'] as const;
/** Principal components that are drawn, at most. */
export const COMPONENTS = 32;
/** Models of the ladder: the one that runs here, and the published sizes. */
export const SIZES = ['here', 'ti', 's', 'b', 'l', 'h'] as const;
/** Chances that a shuffle offers. */
export const SEEDS = { min: 1, max: 999 } as const;

/** The permalink of lesson 2. */
export const state = defineState(1, {
  /** Pixels a side of a patch. */
  p: patchField(16),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** A pixel (row, column): the patch that holds it is the chosen one, at every patch size. */
  at: pixelField([124, 180]),
  view: oneOf('order', VIEWS),
  /** Lay the map over the picture. */
  map: flag(true),
  show: oneOf('filters', SHOWS),
  /** Draw the weights themselves, or the patches they answer to in this picture. */
  of: oneOf('weights', ['weights', 'answers']),
  /** By the variance of the answers over this picture, of the weights, or as stored. */
  sort: oneOf('answers', ['answers', 'weights', 'index']),
  /** Feature of the embedding. */
  k: int(0, { min: 0, max: DIM - 1 }),
  /** Principal component. */
  c: int(0, { min: 0, max: COMPONENTS - 1 }),
  /** The token table, or the answer read from CLS or from the mean of the patches. */
  read: oneOf('tokens', ['tokens', 'cls', 'mean']),
  table: oneOf('learned', ['learned', 'sincos']),
  /** Cosines between positions, or the features of the table. */
  draw: oneOf('near', ['near', 'features']),
  /** Feature of the position table. */
  f: int(0, { min: 0, max: DIM - 1 }),
  /** Which of the four runs the picture and the answer line follow: positions on, patches shuffled. */
  pos: flag(true),
  mix: flag(true),
  seed: int(1, SEEDS),
  /** Block and head whose attention is compared. */
  block: int(2, { min: 0, max: DEPTH - 1 }),
  head: int(1, { min: 0, max: HEADS - 1 }),
  size: oneOf('b', SIZES),
});

export type TokensFields = typeof state.fields;
