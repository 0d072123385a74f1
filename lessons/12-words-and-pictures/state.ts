import { defineState, name, oneOf } from '#lib/state/schema.ts';
import { line } from '#lib/state/words.ts';

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
/** Which of the two towers a phone shows. */
export const TOWERS = ['picture', 'text'] as const;
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

  // Views of a picture, collapse, methods: fields of their own go here.
});

export type WordsFields = typeof state.fields;
