import { SKIPS } from '#lib/models/uvit/skips.ts';
import { places } from '#lib/state/places.ts';
import { defineState, int, oneOf, pair, real, type Field, type Migration } from '#lib/state/schema.ts';
import { tidyGates } from './gates.ts';
import { OPENING } from './opening.ts';

/** What stands beside the pictures. */
export const VIEWS = [
  'change',
  'tokens',
  'time',
  'listen',
  'look',
  'skips',
  'five',
  'ways',
  'cost',
  'unet',
] as const;
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

/** Which sizes are looked at: those of the sliders, or those that were published. */
export const SIZED = ['ours', 'paper'] as const;

/** More steps than this are not taken here. */
export const MOST_STEPS = 50;
/** Guidance weight w; 1: none. */
export const GUIDANCE = { min: 1, max: 6 } as const;
export const SEEDS = { min: 0, max: 99_999 } as const;
/** Patch sizes, widths and depths that the cost can be asked for; the picture's side divides by each patch size. */
export const PATCHES = [1, 2, 4, 8] as const;

const index = { min: 0, max: 999 } as const;
const gates: Field<string> = { default: '', print: (v) => v, parse: tidyGates };
const patch: Field<number> = {
  default: 4,
  print: String,
  parse: (raw) => PATCHES.find((p) => String(p) === raw),
};

/** What a link of version 1 leaves out: the lesson opened with other pictures then, without guidance, and with its tokens. */
const FIRST = { view: 'tokens', c: '7', seed: '1', w: '1', fault: 'conv', c2: '1' } as const;
const toSecond: Migration = (raw) => new Map([...Object.entries(FIRST), ...raw]);

/**
 * The permalink of lesson 8. Blocks, heads, classes and steps are wider here than any one model has them: weights may
 * be replaced by better ones of another size, and old links must open. The view model takes the nearest that exists.
 */
const fields = {
  view: oneOf('change', VIEWS),
  /** Class by its index; one past the last: no class. */
  c: int(OPENING.class, { min: 0, max: 1000 }),
  seed: int(OPENING.seed, SEEDS),
  w: real(OPENING.guidance, { ...GUIDANCE, digits: 1 }),
  /** Steps of the sampling run. */
  n: int(OPENING.steps, { min: 5, max: MOST_STEPS }),
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
  fault: oneOf('time-held', FAULTS),
  /** Percent that is left of the convolution or of the positions. */
  left: int(0, { min: 0, max: 100 }),
  /** The time the network is told while it is held, in percent of the clock. */
  held: int(50, { min: 0, max: 100 }),
  /** First step with the other class, and that class. */
  from: int(OPENING.from, { min: 1, max: MOST_STEPS }),
  c2: int(OPENING.other, { min: 0, max: 1000 }),
  /** Heads that are cut, `block.head`, and patches that no token looks at, by index. */
  cut: places(2),
  hide: places(1),
  way: oneOf('concat', SKIPS),
  axis: oneOf('depth', AXES),
  sizes: oneOf('ours', SIZED),
  depth: int(8, { min: 2, max: 28 }),
  width: int(128, { min: 64, max: 1152 }),
  patch,
};
/** The state that is looked at, and the step with the other class, lie within the run. */
export const state = defineState(2, fields, { 1: toSecond }, ({ k, from, n }) => ({
  k: Math.min(k, n - 1),
  from: Math.min(from, n),
}));

export type UVitFields = typeof state.fields;
