import type { ViTConfig } from '#lib/models/vit/graph.ts';
import { CONFIG, PRESETS, shapesOf } from '#lib/notebook/patch-shapes.ts';
import type { Description } from '#lib/graph/index.ts';
import type { SIZES } from './state.ts';

export type Size = (typeof SIZES)[number];
export const sizeName = (size: Size) => (size === 'here' ? 'vit-flexi' : PRESETS[size].name);
export const sizeConfig = (size: Size): ViTConfig => (size === 'here' ? CONFIG : PRESETS[size].preset);

/** A rung of the ladder: a tensor, and the weights it is made with. */
export interface Rung {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  /** Weights used for the first time here. */
  readonly parameters: number;
  /** Their names. */
  readonly weights: readonly string[];
}

const WEIGHTS: Readonly<Record<string, readonly string[]>> = {
  patch_embed: ['patch_embed.proj.weight', 'patch_embed.proj.bias'],
  cls_cat: ['cls_token'],
};

/** The rungs from the picture to the tokens, and what follows them, from the graph's description. */
export function ladder(config: ViTConfig, patch: number): { rungs: Rung[]; rest: number; all: number } {
  const { description } = shapesOf(config, patch);
  const names = ['x', 'patches', 'patch_embed', 'pos_added', 'cls_cat', 'tokens'];
  const rungs = description.tensors
    .filter((t) => names.includes(t.name))
    // Where the positions were added before, `tokens` is `cls_cat` under another name.
    .filter((t) => t.name !== 'tokens' || config.clsPosition)
    .map(({ name, shape, dims, parameters }) => ({
      name,
      shape: shape.slice(1),
      dims: dims.slice(1),
      parameters,
      weights: WEIGHTS[name] ?? (parameters > 0 ? ['pos_embed'] : []),
    }));
  const embed = rungs.reduce((sum, r) => sum + r.parameters, 0);
  return { rungs, rest: description.parameters - embed, all: description.parameters };
}

/** Shape of the position table as timm stores it: a row for CLS before those of the patches. */
export function positionTable(
  config: ViTConfig,
  patch: number,
): { shape: number[]; description: Description } {
  const { description } = shapesOf(config, patch);
  const table = description.weights.find((w) => w.name === 'pos_embed');
  return { shape: [...(table?.shape ?? [])], description };
}
