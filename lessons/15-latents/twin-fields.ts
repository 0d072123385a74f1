import { JUDGED } from '#lib/notebook/judged/figures.ts';
import { oneOf } from '#lib/state/schema.ts';
import { line } from '#lib/state/words.ts';

/** What is done to the system: the wrong scale, another picture's noise, the state decoded, skips cut. */
export const BREAKS = ['scale', 'noise', 'state', 'skips'] as const;
export type BreakName = (typeof BREAKS)[number];
/** Skips that are cut: none, the inner or the outer half, all. */
export const CUTS = ['none', 'inner', 'outer', 'all'] as const;
export type CutName = (typeof CUTS)[number];
/** What the reader may set of the views `twin`, `judged`, `break` and `table`. */
export const twinFields = {
  brk: oneOf('scale', BREAKS),
  /** Which factor stands in for the right one, and where: before the decoder, or before noise is added as well. */
  sf: oneOf('other', ['other', 'none']),
  out: oneOf('decoder', ['decoder', 'noise']),
  cut: oneOf('all', CUTS),
  /** The words of the other picture, whose noise is taken away. */
  ow: line('red mushroom'),
  pairs: oneOf('held', JUDGED),
  /** The size of the pictures that the table is about. */
  large: oneOf('256', ['256', '512']),
};
