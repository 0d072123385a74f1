import { defineState, int, name, oneOf, real, type Field, type StateOf } from '#lib/state/schema.ts';
import { readObjects, writeObjects, type SceneObject } from './scene.ts';
import { seededObjects } from './seeded-scene.ts';

/** What the stage shows. */
export const VIEWS = ['scene', 'queries', 'boxes', 'match', 'twice', 'break', 'table'] as const;
/** The two trained networks: tokens are the places of a small CNN's map, or patches. */
export const STEMS = ['cnn', 'patches'] as const;
export type StemName = (typeof STEMS)[number];
/** Parts of the view `match`, and of the view `table`. */
export const MATCHES = ['costs', 'steps', 'loss'] as const;
export const SHEETS = ['compare', 'stems'] as const;
/** What is done to the network. */
export const CHANGES = ['fewer', 'equal', 'positions'] as const;
export type Change = (typeof CHANGES)[number];
/** Seeds of a drawn scene. */
export const SEEDS = { min: 0, max: 99 } as const;

/** Objects as the reader has put them; undefined: those that the seed draws. */
const objects: Field<readonly SceneObject[] | undefined> = {
  default: undefined,
  print: (value) => (value ? writeObjects(value) : ''),
  parse: readObjects,
};

const fields = {
  view: oneOf('scene', VIEWS),

  // The scene.
  /** The photo behind the objects: id of a picture of the gallery, or `own`. */
  pic: name('forest'),
  seed: int(3, SEEDS),
  objects,

  /** The network whose tensors are shown. */
  stem: oneOf('cnn', STEMS),
  /** Probability from which a query's answer is shown as a detection. */
  sure: real(0.5, { min: 0.05, max: 0.95, digits: 2 }),

  // Queries.
  /** The chosen query. */
  q: int(0, { min: 0, max: 99 }),
  /** Layer and head of the decoder. */
  l: int(2, { min: 0, max: 31 }),
  h: int(0, { min: 0, max: 31 }),
  /** Where the chosen query looks, which queries see one another, or the way from picture to set with shapes. */
  look: oneOf('cross', ['cross', 'self', 'steps']),

  // Boxes.
  part: oneOf('decode', ['decode', 'encoder']),
  /** The token that asks, row by row, and layer and head of the encoder. */
  tok: int(27, { min: 0, max: 4095 }),
  el: int(2, { min: 0, max: 31 }),
  eh: int(0, { min: 0, max: 31 }),

  // Matching.
  /** Costs of all pairs, the method step by step, or the loss. */
  match: oneOf('costs', MATCHES),
  /** The chosen object, in the order they lie on one another. */
  obj: int(0, { min: 0, max: 29 }),
  /** Steps of the method that are done; more than there are count as all. */
  ms: int(0, { min: 0, max: 9999 }),

  // Duplicates.
  /** Whether the doubles are taken away by non-maximum suppression, and from which overlap on. */
  nms: oneOf('off', ['off', 'on']),
  iou: real(0.5, { min: 0.05, max: 0.95, digits: 2 }),

  // Changes.
  change: oneOf('fewer', CHANGES),
  /** Queries that stay. */
  kept: int(2, { min: 1, max: 99 }),

  // The table.
  sheet: oneOf('compare', SHEETS),
};

/** The permalink of lesson 14. The chosen object is one that lies on the scene. */
export const state = defineState(1, fields, {}, ({ obj, objects, seed }) => ({
  obj: Math.max(0, Math.min(obj, (objects ?? seededObjects(seed)).length - 1)),
}));

export type DetectionFields = typeof state.fields;
export type DetectionState = StateOf<DetectionFields>;
