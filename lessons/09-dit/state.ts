import { defineState, flag, int, name, oneOf, pair, type Migration } from '#lib/state/schema.ts';
import type { Condition } from '#lib/models/dit/config.ts';
import { SAMPLERS } from '#lib/diffusion/math/samplers/names.ts';

export const VIEWS = ['pair', 'same', 'ada', 'told', 'ways', 'scaling', 'family', 'build'] as const;

/** How the built network is told time and class: as tokens of a U-ViT, or in one of DiT's four ways. */
export const MEANS = ['uvit', 'adaln-zero', 'adaln', 'cross-attention', 'in-context'] as const;
export type Means = (typeof MEANS)[number];
/** Factors by which an autoencoder makes the picture smaller; 1: none. */
export const FACTORS = [1, 4, 8, 16] as const;
/** In the order of the paper's figure 5, from the worst to the best. */
export const WAYS: readonly Condition[] = ['in-context', 'cross-attention', 'adaln', 'adaln-zero'];
/**
 * The parts of a block's modulation `[6D]` in the order of its rows (Peebles & Xie 2023, section 3.2): what is added
 * to, what multiplies, and what gates the attention, then the MLP.
 */
export const PARTS = ['shift_msa', 'scale_msa', 'gate_msa', 'shift_mlp', 'scale_mlp', 'gate_mlp'] as const;
export type Part = (typeof PARTS)[number];

/** What a link of version 1 leaves out: the lesson opened with another class, noise and guidance then. */
const FIRST = { c: '7', seed: '12', w: '15' } as const;
const toSecond: Migration = (raw) => new Map([...Object.entries(FIRST), ...raw]);

/**
 * The permalink of lesson 9. Class, noise and guidance were chosen by measuring: all four pictures of both networks are
 * named by the project's evaluator (`lessons/09-dit/tests/measure.py seeds`).
 */
const fields = {
  view: oneOf('pair', VIEWS),
  /** Class by index; −1: none. */
  c: int(1, { min: -1, max: 999 }),
  seed: int(4, { min: 0, max: 999_999 }),
  /** Steps of a sampling run. */
  n: int(20, { min: 5, max: 100 }),
  sam: oneOf('dpmpp-2m', SAMPLERS),
  /** Guidance weight in tenths: 10 is none. */
  w: int(30, { min: 10, max: 60 }),
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
};
export const state = defineState(2, fields, { 1: toSecond }, ({ k, n }) => ({
  k: k > n ? fields.k.default : k,
}));

export type DitFields = typeof state.fields;
