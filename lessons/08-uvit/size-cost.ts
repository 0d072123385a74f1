import type { UViTConfig } from '#lib/models/uvit/graph.ts';
import { uvitSizes } from '#lib/models/uvit/graph.ts';
import { CONFIG, shapesOf } from './model.ts';
import { PATCHES, type Axis } from './state.ts';

/** Depth, width and patch of a U-ViT that is otherwise the lesson's model. */
export interface Knobs {
  readonly depth: number;
  readonly width: number;
  readonly patch: number;
}

/** What such a model costs, counted from its graph. */
export interface Cost {
  readonly tokens: number;
  readonly blocks: number;
  readonly parameters: number;
  readonly macs: number;
  /** Pairs of tokens in all attention maps. */
  readonly pairs: number;
}

/** The configuration; heads keep the width that the lesson's model gives them. Depth is even, width whole heads. */
export function configOf({ depth, width, patch }: Knobs): UViTConfig {
  const head = CONFIG.dim / CONFIG.heads;
  const heads = Math.max(1, Math.round(width / head));
  return { ...CONFIG, depth: 2 * Math.max(1, Math.round(depth / 2)), dim: heads * head, heads, patch };
}

export function costOf(knobs: Knobs): Cost {
  const config = configOf(knobs);
  const { tokens, blocks } = uvitSizes(config);
  const { parameters, macs } = shapesOf(config).description;
  return { tokens, blocks, parameters, macs, pairs: blocks * config.heads * tokens ** 2 };
}

/** The places a knob can stand in. */
export const STOPS: Readonly<Record<Axis, readonly number[]>> = {
  depth: Array.from({ length: 14 }, (_, i) => 2 + 2 * i),
  width: Array.from({ length: 18 }, (_, i) => 64 + 64 * i),
  patch: PATCHES,
};

/** The cost at every place of one knob, the others as they are. */
export function curveOf(axis: Axis, knobs: Knobs): readonly (Cost & { readonly at: number })[] {
  return STOPS[axis].map((at) => ({ ...costOf({ ...knobs, [axis]: at }), at }));
}
