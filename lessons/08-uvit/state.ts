import { SKIPS } from '#lib/models/uvit/skips.ts';
import { places } from '#lib/state/places.ts';
import { defineState, int, oneOf, pair, type Field } from '#lib/state/schema.ts';
import { tidyGates } from './gates.ts';

/** What stands beside the pictures. */
export const VIEWS = ['tokens', 'time', 'listen', 'look', 'skips', 'ways', 'change', 'cost', 'unet'] as const;
/** Who asks in an attention map. */
export const WHO = ['patch', 'time', 'label'] as const;
/** What is followed over the sampling run, one number a head. */
export const MEASURES = ['to-time', 'to-label', 'from-time', 'from-label', 'distance'] as const;
export type Measure = (typeof MEASURES)[number];
/** What is changed in the running model, apart from its long skips. */
export const FAULTS = [
  'conv',
  'pos',
  'time-off',
  'time-held',
  'label-off',
  'label-swap',
  'heads',
  'patches',
] as const;
export type Fault = (typeof FAULTS)[number];
/** What the cost is drawn against. */
export const AXES = ['depth', 'width', 'patch'] as const;
export type Axis = (typeof AXES)[number];

/** More steps than this are not taken here. */
export const MOST_STEPS = 50;
/** Patch sizes, widths and depths that the cost can be asked for; the picture's side divides by each patch size. */
export const PATCHES = [1, 2, 4, 8] as const;

const index = { min: 0, max: 999 } as const;
const gates: Field<string> = { default: '', print: (v) => v, parse: tidyGates };
const patch: Field<number> = {
  default: 4,
  print: String,
  parse: (raw) => PATCHES.find((p) => String(p) === raw),
};

/**
 * The permalink of lesson 8. Blocks, heads, classes and steps are wider here than any one model has them: weights may
 * be replaced by better ones of another size, and old links must open. The view model takes the nearest that exists.
 */
export const state = defineState(1, {
  view: oneOf('tokens', VIEWS),
  /** Class by its index; one past the last: no class. */
  c: int(7, { min: 0, max: 1000 }),
  seed: int(1, { min: 0, max: 99_999 }),
  /** Steps of the sampling run. */
  n: int(20, { min: 5, max: MOST_STEPS }),
  /** Steps made before the one that is looked at. */
  k: int(8, { min: 0, max: MOST_STEPS - 1 }),
  /** A pixel (row, column): the patch that holds it asks. */
  at: pair([13, 13], { min: 0, max: 1023 }),
  who: oneOf('patch', WHO),
  /** Block in the order they run, and head. */
  b: int(0, index),
  h: int(0, index),
  m: oneOf('to-time', MEASURES),
  /** Gates of the long skips, see gates.ts. */
  g: gates,
  fault: oneOf('conv', FAULTS),
  /** Percent that is left of the convolution or of the positions. */
  left: int(0, { min: 0, max: 100 }),
  /** The time the network is told while it is held, in percent of the clock. */
  held: int(50, { min: 0, max: 100 }),
  /** First step with the other class, and that class. */
  from: int(6, { min: 1, max: MOST_STEPS }),
  c2: int(1, { min: 0, max: 1000 }),
  /** Heads that are cut, `block.head`, and patches that no token looks at, by index. */
  cut: places(2),
  hide: places(1),
  way: oneOf('concat', SKIPS),
  axis: oneOf('depth', AXES),
  depth: int(8, { min: 2, max: 28 }),
  width: int(128, { min: 64, max: 1152 }),
  patch,
});

export type UVitFields = typeof state.fields;
