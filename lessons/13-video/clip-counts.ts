import { describe, type Description } from '#lib/graph/index.ts';
import { graphOf } from '#lib/models/registry.ts';
import { FORMS, vivitSizes, type Form, type VivitConfig } from '#lib/models/vivit/config.ts';
import { vivitPresets } from '#lib/models/vivit/presets.ts';
import { MOST_TOKENS } from '#lib/models/shared/patch-config.ts';

/** ViViT-B/16×2 as published, in each of its four forms. */
export const PUBLISHED: Readonly<Record<Form, VivitConfig>> = {
  joint: preset('vivit-b-16x2'),
  'factorised-encoder': preset('vivit-b-16x2-encoder'),
  'factorised-self-attention': preset('vivit-b-16x2-self'),
  'factorised-dot-product': preset('vivit-b-16x2-dot'),
};
function preset(name: string): VivitConfig {
  const config = vivitPresets[name];
  if (!config) throw new RangeError(`no preset ${name}`);
  return config;
}

/** What Arnab et al. 2021, table 2, print of ViViT-B/16×2: FLOPs in 10⁹, which are multiply-adds there; parameters in 10⁶. */
export const PRINTED: Readonly<Record<Form, { readonly giga: number; readonly millions: number }>> = {
  joint: { giga: 455.2, millions: 88.9 },
  'factorised-encoder': { giga: 284.4, millions: 115.1 },
  'factorised-self-attention': { giga: 372.3, millions: 117.3 },
  'factorised-dot-product': { giga: 277.1, millions: 88.9 },
};

/** How a clip is cut. */
export interface Cut {
  readonly frames: number;
  readonly tubelet: number;
  readonly patch: number;
}

/** Sizes of a clip of 224 pixels a side that is cut so. */
export const sizesOf = (cut: Cut) => vivitSizes({ ...PUBLISHED.joint, ...cut });
/** Whether a network can be built of so many tokens. */
export const canBuild = (cut: Cut): boolean => sizesOf(cut).tubelets <= MOST_TOKENS;

/** What one pass of a network costs, counted in its graph. */
export interface Cost {
  readonly parameters: number;
  /** Multiply-adds of everything, and of the scores and the mixing of attention alone. */
  readonly macs: number;
  readonly attention: number;
  /** Attention weights that one block holds: of the first encoder where there are two. */
  readonly weights: number;
}

/** Charts ask again and again. */
const known = new Map<string, Cost>();
const MIXES = /\.(scores|out)$/;
const WEIGHTS = /^blocks\.0\..*\bprobs$/;

/** Counts a network in one of the four forms. */
export function costOf(config: VivitConfig): Cost {
  const key = JSON.stringify(config);
  let cost = known.get(key);
  if (!cost) {
    const { parameters, macs, tensors } = describe(graphOf({ architecture: 'vivit', config }));
    const sum = (of: RegExp, pick: (row: Description['tensors'][number]) => number) =>
      tensors.reduce((all, row) => all + (of.test(row.name) ? pick(row) : 0), 0);
    const attention = sum(MIXES, (row) => row.macs);
    const weights = sum(WEIGHTS, ({ shape }) => shape.reduce((a, b) => a * b, 1));
    known.set(key, (cost = { parameters, macs, attention, weights }));
  }
  return cost;
}

/** The published network in a form, with clips of so many frames. */
export const publishedCost = (form: Form, frames: number): Cost => costOf({ ...PUBLISHED[form], frames });
export { FORMS, type Form };
