import { defineState, int, name, oneOf, real } from '#lib/state/schema.ts';
import { line, texts } from '#lib/state/words.ts';
import { BREAKS, PROMPTS, SCALES, SHOWS } from './choices.ts';
import { SEEDS, WAYS } from './collapse-ways.ts';
import { FIRST_PAIRS } from './pairs.ts';
import { TWINS } from './twins.ts';

/** What the stage shows. */
export const VIEWS = [
  'find',
  'towers',
  'matrix',
  'map',
  'zero',
  'angles',
  'fails',
  'break',
  'views',
  'collapse',
  'methods',
] as const;
/** Groups of classes whose words are compared with one another; see class-sets.ts. */
export const CLASS_SETS = ['dogs', 'vehicles', 'fruit', 'music', 'mixed'] as const;
/** Stations of a tower; see stations.ts. */
export const STATIONS = ['input', 'tokens', 'blocks', 'pooled', 'proj', 'embedding', 'logits'] as const;

/** What the reader may set of the views. */
export const CROPS = { min: 0.08, max: 1 } as const;
export const TAUS = { min: 0.1, max: 1 } as const;

/** The permalink of lesson 12. */
export const state = defineState(1, {
  /** Id of a picture of the gallery, or `own`. */
  pic: name('sunflower'),
  view: oneOf('find', VIEWS),
  /** What the reader has typed. */
  word: line('goat'),
  /** How far both towers have been gone up. */
  step: oneOf('input', STATIONS),
  /** Which half of the index the ranking is of. */
  among: oneOf('signs', ['signs', 'photos']),
  // Matrix, zero-shot, angles, fails, break: fields of their own go here.
  /** Pictures of the matrix and the words beside them, see pairs.ts. */
  pairs: line(FIRST_PAIRS),
  words: line(''),
  show: oneOf('cosine', SHOWS),
  /** What cosines are multiplied by; 0: the scale that was learned. */
  scale: real(0, { min: 0, max: SCALES.max, digits: 1 }),
  /** Under the matrix: its loss by hand, or one cell's dot product. */
  part: oneOf('loss', ['loss', 'cell']),
  /** The reader's labels; none: the page's own. */
  labels: texts([]),
  prompt: oneOf('bare', PROMPTS),
  /** Classes whose angles are shown, and a word beside them. */
  set: oneOf('dogs', CLASS_SETS),
  beside: line(''),
  twin: oneOf('no', TWINS),
  change: oneOf('scale', BREAKS),

  // Views of a picture, collapse, methods: fields of their own go here.
  /** How the views are drawn: least area of a crop, strength of the colours, and the seed of all of it. */
  crop: real(0.25, { ...CROPS, digits: 2 }),
  colour: real(0.4, { min: 0, max: 1, digits: 2 }),
  seed: int(1, { min: 0, max: 999 }),
  /** The temperature that the cosines of views are divided by, and the view whose loss is computed by hand. */
  tau: real(0.5, { ...TAUS, digits: 2 }),
  row: int(0, { min: 0, max: 7 }),
  /** What the small training is asked for, and its seed: the ones that collapse-training.test.ts has tried. */
  way: oneOf('negatives', WAYS),
  train: int(1, { min: 0, max: SEEDS - 1 }),
});

export type WordsFields = typeof state.fields;
