import { vitSizes, type ViTConfig } from '#lib/models/vit/graph.ts';
import { shapesOf } from '#lib/notebook/patch-shapes.ts';

/** Multiply-adds of one block: what grows with the number of tokens, and what grows with its square. */
export interface BlockCost {
  readonly linear: number;
  readonly pairs: number;
}

/** One block's work for T tokens of width D: qkv, proj and MLP 4D² + 2·M·D each token; QKᵀ and A·V T²·D each. */
export function blockCost(tokens: number, { dim, mlpRatio }: ViTConfig): BlockCost {
  return { linear: tokens * (4 + 2 * mlpRatio) * dim * dim, pairs: 2 * tokens * tokens * dim };
}

/** The number of tokens above which the pairs are most of a block's work: 6 D with an MLP of four times the width. */
export function crossing({ dim, mlpRatio }: ViTConfig): number {
  return ((4 + 2 * mlpRatio) * dim) / 2;
}

/** The same two counts of a block from the graph itself, at a patch size. */
export function blockCostOfGraph(config: ViTConfig, patch: number): BlockCost {
  const { tensors } = shapesOf(config, patch).description;
  const of = (name: string) => tensors.find((t) => t.name === `blocks.0.${name}`)?.macs ?? 0;
  const pairs = of('attn.scores') + of('attn.out');
  const all = tensors.reduce((sum, t) => sum + (t.name.startsWith('blocks.0') ? t.macs : 0), 0);
  return { linear: all - pairs, pairs };
}

/** Which part of a whole forward pass the pairs of tokens take, 0…1. */
export function pairShare(config: ViTConfig, patch: number): number {
  const { pairs } = blockCostOfGraph(config, patch);
  return (pairs * config.depth) / shapesOf(config, patch).description.macs;
}

/** Tokens of a picture at a patch size. */
export function tokensAt(config: ViTConfig, patch: number): number {
  return vitSizes({ ...config, patch }).tokens;
}
