import { DEPTH, pixelField } from '#lib/notebook/classifier-sizes.ts';
import { defineState, int, name, oneOf, real } from '#lib/state/schema.ts';

/** What the stage shows. */
export const VIEWS = [
  'path',
  'logit',
  'soft',
  'lens',
  'map',
  'wrote',
  'cut',
  'sizes',
  'cnn',
  'pyramid',
  'kin',
  'data',
] as const;

/** The permalink of lesson 5. */
export const state = defineState(1, {
  /** Pixels a side of a patch: one of the sizes the model was trained for. */
  p: int(16, { min: 8, max: 32 }),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** A pixel (row, column): the patch that holds it is the chosen one, at every patch size. */
  at: pixelField([96, 130]),
  view: oneOf('path', VIEWS),
  /** Softmax temperature. */
  tau: real(1, { min: 0.2, max: 4, digits: 1 }),
  /** Depth that is read out: after how many blocks. */
  d: int(DEPTH, { min: 0, max: DEPTH }),
  /** Class that is asked about; −1: the one that wins. */
  k: int(-1, { min: -1, max: 999 }),
  /** Whether the lens reads CLS or the chosen patch. */
  tok: oneOf('cls', ['cls', 'patch']),
  /** The lens's curve: probabilities, or logits. */
  y: oneOf('prob', ['prob', 'logit']),
  /** The map: which class wins in each patch, or how probable one class is. */
  map: oneOf('winner', ['winner', 'heat']),
  /** What the blocks wrote: the logit itself, or its lead over the best other class. */
  vs: oneOf('none', ['none', 'rival']),
  /** Blocks that are skipped, bit i for block i. */
  skip: int(0, { min: 0, max: 2 ** DEPTH - 1 }),
  /** The builder's choices. */
  bD: int(768, { min: 64, max: 1536 }),
  bL: int(12, { min: 1, max: 48 }),
  bh: int(12, { min: 1, max: 24 }),
  bm: real(4, { min: 1, max: 8, digits: 1 }),
  bp: int(16, { min: 1, max: 64 }),
  bi: int(224, { min: 16, max: 512 }),
  /** Convolutions in the stack, and after how many the stride is 2 (0: never). */
  n: int(3, { min: 1, max: 120 }),
  half: oneOf('0', ['0', '4', '2']),
  /** Layer and head whose attention stands beside the stack; head −1: the mean of all. */
  l: int(0, { min: 0, max: DEPTH - 1 }),
  h: int(-1, { min: -1, max: 15 }),
  /** The quiz's seed. */
  q: int(5, { min: 0, max: 999_999 }),
});

export type AnswerFields = typeof state.fields;
