import { DEPTH, HEADS, patchField, pixelField } from '#lib/notebook/classifier-sizes.ts';
import { defineState, int, name, oneOf, real } from '#lib/state/schema.ts';
import { KINDS } from './kinds.ts';

/** What stands beside the picture. */
export const VIEWS = [
  'bill',
  'look',
  'roll',
  'order',
  'sharp',
  'scales',
  'prune',
  'clock',
  'twins',
  'search',
] as const;
/** Sides of the picture, in pixels, at which small networks of stages are counted. */
export const SIDES = ['64', '96', '128'] as const;
/** Stations of a shifted window: the grid, rolled, cut, masked, attended and rolled back. */
export const STATIONS = ['grid', 'roll', 'cut', 'mask', 'back'] as const;

/** What is shown of the trained twins: their answers, what was measured of them, or the two with windows at a border. */
export const TWIN_PARTS = ['answers', 'table', 'border'] as const;
/** Pixels by which a picture is rolled before the twins with windows see it. */
export const ROLLS = [0, 8, 16, 24, 32] as const;

/** The permalink of lesson 10. */
export const state = defineState(1, {
  /** Pixels a side of a patch. */
  p: patchField(8),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** A pixel (row, column): the patch that holds it asks. */
  at: pixelField([88, 120]),
  view: oneOf('bill', VIEWS),
  /** Block and head whose queries, keys and values are used. */
  l: int(9, { min: 0, max: DEPTH - 1 }),
  h: int(1, { min: 0, max: HEADS - 1 }),
  kind: oneOf('window', KINDS),
  /** What lies over the picture beside the four ways: the chosen patch's row, or where outputs differ. */
  over: oneOf('row', ['row', 'off']),
  /** Side of a window in tokens; the nearest that fills the grid is used. */
  m: int(7, { min: 2, max: 14 }),
  step: oneOf('grid', STATIONS),
  /** Factor on the queries. */
  by: real(1, { min: 0.25, max: 8, digits: 2 }),
  side: oneOf('64', SIDES),
  /** Part of the windows that is left out. */
  r: real(0.5, { min: 0, max: 1, digits: 2 }),
  twin: oneOf('answers', TWIN_PARTS),
  roll: int(16, { min: 0, max: 32 }),
  /** Parts of the windows that the two stages of the sparse network leave out. */
  r0: real(0.3, { min: 0, max: 0.8, digits: 1 }),
  r1: real(0.3, { min: 0, max: 0.8, digits: 1 }),
  /** What a choice may cost at most, as a part of the whole network’s multiply-adds. */
  budget: real(0.6, { min: 0.3, max: 1, digits: 2 }),
  /** Of the search: its seed, and how many choices it has tried. */
  seed: int(1, { min: 1, max: 99 }),
  tries: int(24, { min: 0, max: 81 }),
});

export type CheaperFields = typeof state.fields;
