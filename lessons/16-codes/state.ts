import { defineState, name, oneOf } from '#lib/state/schema.ts';
import { codeFields } from './code-fields.ts';
import { CUTS, NETS, VIEWS } from './names.ts';
import { roundsFields } from './rounds-fields.ts';
import { writeFields } from './write-fields.ts';

/** The permalink of lesson 16. */
export const state = defineState(1, {
  view: oneOf('write', VIEWS),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('sunflower'),
  /** The network whose tensors strip and drawer show. */
  net: oneOf('raster', NETS),
  /** What the view `break` takes from the system. */
  cut: oneOf('no-mask', CUTS),
  ...codeFields,
  ...writeFields,
  ...roundsFields,
});

export type CodesFields = typeof state.fields;
