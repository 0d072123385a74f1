import { defineState, name, oneOf } from '#lib/state/schema.ts';
import { latentFields } from './latent-fields.ts';
import { NETS, VIEWS } from './names.ts';
import { paintFields } from './paint-fields.ts';
import { toldFields } from './told-fields.ts';
import { twinFields } from './twin-fields.ts';

const fields = {
  view: oneOf('paint', VIEWS),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('sunflower'),
  /** The network whose tensors strip and drawer show. */
  net: oneOf('denoiser', NETS),
  ...latentFields,
  ...paintFields,
  ...toldFields,
  ...twinFields,
};

/** The permalink of lesson 15. The step on show, and the one that words change after, lie within the painting. */
export const state = defineState(1, fields, {}, ({ k, after, n }) => ({
  k: k > n ? -1 : k,
  after: Math.min(after, n - 1),
}));

export type LatentsFields = typeof state.fields;
