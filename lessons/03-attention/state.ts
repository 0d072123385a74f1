import { DEPTH, HEADS, patchField, pixelField } from '#lib/notebook/classifier-sizes.ts';
import { defineState, flag, int, name, oneOf, real, type Field } from '#lib/state/schema.ts';
import { printHeads, printMask, readHeads, readMask } from './masks.ts';

/** What stands beside the picture. */
export const VIEWS = ['heads', 'matrix', 'cell', 'far', 'compare', 'break', 'cost'] as const;
/** What the small maps are sorted by. */
export const SORTS = ['layer', 'entropy', 'distance', 'overlap'] as const;
export type Sort = (typeof SORTS)[number];
/** The three parts of one cell. */
export const PARTS = ['score', 'softmax', 'mix'] as const;
/** Ways to read attention. */
export const METHODS = ['raw', 'rollout', 'norm', 'diff'] as const;
export type Method = (typeof METHODS)[number];
/** What is taken out of the model. */
export const CUTS = ['heads', 'patches', 'occlude'] as const;
export type Cut = (typeof CUTS)[number];
/** Models of the cost, by their preset. */
export const SIZES = ['ti', 's', 'b', 'l', 'h'] as const;

/** Text in a form that `tidy` reads and prints again; undefined is refused. */
const coded = (tidy: (raw: string) => string | undefined): Field<string> => ({
  default: '',
  print: (v) => v,
  parse: (raw) => (raw === '' ? '' : tidy(raw)),
});
const heads = DEPTH * HEADS;
const layer = { min: 0, max: DEPTH - 1 } as const;
const head = { min: 0, max: HEADS - 1 } as const;

/** The permalink of lesson 3. */
export const state = defineState(1, {
  /** Pixels a side of a patch. */
  p: patchField(16),
  /** Id of a picture of the gallery, or `own`. */
  pic: name('golden-retriever'),
  /** A pixel (row, column): the patch that holds it asks. */
  at: pixelField([88, 120]),
  /** The class token asks instead. */
  cls: flag(false),
  l: int(9, layer),
  h: int(1, head),
  view: oneOf('heads', VIEWS),
  curve: oneOf('linear', ['linear', 'log']),
  /** Range of the colours over the picture: that of all heads, or of the one map. */
  range: oneOf('all', ['all', 'own']),
  sort: oneOf('layer', SORTS),
  part: oneOf('score', PARTS),
  /** A pixel: the patch that holds it is looked at in the cell computed by hand. */
  key: pixelField([120, 200]),
  /** The class token is looked at. */
  kcls: flag(false),
  /** Temperature of the softmax computed by hand. */
  tau: real(1, { min: 0.1, max: 4, digits: 2 }),
  how: oneOf('raw', METHODS),
  /** The map that is taken off in a difference. */
  l2: int(9, layer),
  h2: int(0, head),
  p2: patchField(16),
  cut: oneOf('heads', CUTS),
  /** Heads that are off, see masks.ts. */
  off: coded((raw) =>
    /^[0-9a-f]{1,64}$/.test(raw) && raw.length <= Math.ceil(heads / 4)
      ? printHeads(readHeads(raw, heads))
      : undefined,
  ),
  /** Patches that are out, see masks.ts. */
  mask: coded((raw) => {
    const mask = readMask(raw);
    return mask && printMask(mask);
  }),
  /** Patches a side of the window that occlusion covers. */
  win: oneOf('1', ['1', '3']),
  /** The model whose cost is drawn. */
  size: oneOf('ti', SIZES),
  /** Run a patch size although the device reports little memory. */
  force: flag(false),
});

export type AttentionFields = typeof state.fields;
