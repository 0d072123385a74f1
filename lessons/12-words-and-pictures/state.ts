import { defineState, name, oneOf, real } from '#lib/state/schema.ts';
import { line, texts } from '#lib/state/words.ts';
import { BREAKS } from './broken-inputs.ts';
import { CLASS_SETS } from './class-sets.ts';
import { FIRST_PAIRS } from './pairs.ts';
import { PROMPTS } from './prompts.ts';
import { SCALES, SHOWS } from './similarity-views.ts';
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
/** Stations of a tower; see stations.ts. */
export const STATIONS = ['input', 'tokens', 'blocks', 'pooled', 'proj', 'embedding', 'logits'] as const;

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
});

export type WordsFields = typeof state.fields;
