import { defineState, flag, int, name, oneOf, pair } from '#lib/state/schema.ts';
import { SAMPLERS } from '#lib/diffusion/math/samplers/names.ts';
import { FACTORS, MEANS, PARTS, WAYS } from './names.ts';

export const VIEWS = ['pair', 'same', 'ada', 'told', 'ways', 'family', 'build'] as const;
export type View = (typeof VIEWS)[number];

/** The permalink of lesson 9. */
export const state = defineState(1, {
  view: oneOf('pair', VIEWS),
  /** Class by index; −1: none. */
  c: int(7, { min: -1, max: 999 }),
  seed: int(12, { min: 0, max: 999_999 }),
  /** Steps of a sampling run. */
  n: int(20, { min: 5, max: 100 }),
  sam: oneOf('dpmpp-2m', SAMPLERS),
  /** Guidance weight in tenths: 10 is none. */
  w: int(15, { min: 10, max: 60 }),
  /** The state on show, in steps made; more than there are: the newest. */
  k: int(100, { min: 0, max: 100 }),
  /** What is shown of it. */
  what: oneOf('x', ['x', 'x0', 'eps']),
  /** The network whose tensors strip and drawer show. */
  net: oneOf('dit', ['uvit', 'dit']),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** Time in percent, 100: noise alone. */
  t: int(50, { min: 1, max: 100 }),
  /** Row and column of the patch that looks. */
  at: pair([3, 4], { min: 0, max: 63 }),
  /** Block of the DiT whose modulation is open; beyond the last: the last. */
  b: int(0, { min: 0, max: 63 }),
  part: oneOf('gate_msa', PARTS),
  way: oneOf('adaln-zero', WAYS),
  /** Counted in the published size rather than in the network of the page. */
  xl: flag(true),
  /** The builder's choices. */
  bi: int(256, { min: 32, max: 1024 }),
  bf: oneOf('8', FACTORS.map(String) as readonly `${(typeof FACTORS)[number]}`[]),
  bp: int(2, { min: 1, max: 32 }),
  bD: int(1152, { min: 64, max: 1536 }),
  bL: int(28, { min: 1, max: 48 }),
  bm: oneOf('adaln-zero', MEANS),
});

export type DitFields = typeof state.fields;
