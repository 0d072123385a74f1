import { JUDGED } from '#lib/notebook/judged/figures.ts';
import { int, oneOf } from '#lib/state/schema.ts';
import { ORDERS } from './names.ts';

/** Whose rest is painted: of a picture that was written, or of one that was encoded. */
export const RESTED = ['written', 'picture'] as const;

/** What the reader may set of the views `rounds`, `byscale`, `compare`, `rest`, `table`, and of `scale-out`. */
export const roundsFields = {
  /** Rounds of masked generation, and how the codes that stay are chosen. */
  r: int(8, { min: 1, max: 64 }),
  choose: oneOf('confidence', ['confidence', 'chance']),
  /** The scale that is looked at, and the one that is left out. */
  scale: int(3, { min: 0, max: 5 }),
  gone: int(2, { min: 0, max: 5 }),
  /** Pairs that are judged, and the order that samples are of. */
  pairs: oneOf('held', JUDGED),
  of: oneOf('raster', ORDERS),
  /** Whose rest is painted, and in how many steps. */
  whose: oneOf('written', RESTED),
  rn: int(8, { min: 1, max: 20 }),
};
