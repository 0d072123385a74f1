import { defineState, int, name, oneOf, pair } from '#lib/state/schema.ts';
import type { Text } from '#lib/base/lang.ts';

/** Noising steps T of every schedule here; the index t runs from 0 to T − 1. */
export const STEPS = 1000;
/** Pixels a side of what a pixel model sees, and of the picture at full size. */
export const SIDE = 32;
export const FULL = 224;

/** What stands beside the picture. */
export const VIEWS = ['mix', 'strip', 'values', 'chain', 'walk', 'schedules', 'back'] as const;
export type View = (typeof VIEWS)[number];
export const TABLES = ['linear', 'cosine', 'vp', 'scaled-linear'] as const;
export type TableName = (typeof TABLES)[number];
/** How picture and noise are weighed: as they should be, without roots, without fading the picture. */
export const RULES = ['vp', 'unrooted', 'unfaded'] as const;
export type Rule = (typeof RULES)[number];
export const CHANNELS = ['r', 'g', 'b'] as const;
/** How far back the posterior goes, in steps. */
export const BACKS = ['1', '10', '100'] as const;
export const SEEDS = { min: 1, max: 9999 } as const;

/** Names of the schedules, as the text has them. */
export const TABLE_NAMES: Readonly<Record<TableName, Text>> = {
  linear: { en: 'linear', zh: '线性' },
  cosine: { en: 'cosine', zh: '余弦' },
  vp: { en: 'VP, continuous', zh: '连续 VP' },
  'scaled-linear': { en: 'scaled linear', zh: '缩放线性' },
};

/** The permalink of lesson 6. */
export const state = defineState(1, {
  /** Index of the noising step. */
  t: int(249, { min: 0, max: STEPS - 1 }),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** The chosen pixel (row, column) of the small picture. */
  px: pair([11, 16], { min: 0, max: SIDE - 1 }),
  /** The channel whose walk and posterior are drawn. */
  ch: oneOf('r', CHANNELS),
  sch: oneOf('linear', TABLES),
  /** Chooses the noise. */
  seed: int(1, SEEDS),
  /** The picture on the stage: as large as lesson 1 has it, or as a pixel model sees it. */
  size: oneOf('full', ['full', 'small']),
  view: oneOf('mix', VIEWS),
  rule: oneOf('vp', RULES),
  /** The noise of the film strip's frames. */
  eps: oneOf('same', ['same', 'fresh']),
  /** The noise of the chain's links. */
  links: oneOf('fresh', ['fresh', 'same']),
  back: oneOf('10', BACKS),
});

export type NoiseFields = typeof state.fields;
