import type { ViTConfig } from '#lib/models/vit/graph.ts';

/** The weights that read a token out: γ and β of the final LayerNorm, the head's matrix and bias. */
export const HEAD = ['norm.weight', 'norm.bias', 'head.weight', 'head.bias'] as const;

const blocks = (c: ViTConfig) => Array.from({ length: c.depth }, (_, i) => i);

/** The residual stream at every depth: before the first block, then after each. */
export function streamsOf(c: ViTConfig): readonly string[] {
  return [c.preNorm ? 'norm_pre' : 'tokens', ...blocks(c).map((i) => `blocks.${i}`)];
}

/** What is added up into the last stream: its beginning, then attention and MLP of every block. */
export function branchesOf(c: ViTConfig): readonly string[] {
  const [attention, mlp] = c.layerScale ? ['ls1', 'ls2'] : ['attn.proj', 'mlp.fc2'];
  return [
    c.preNorm ? 'norm_pre' : 'tokens',
    ...blocks(c).flatMap((i) => [`blocks.${i}.${attention}`, `blocks.${i}.${mlp}`]),
  ];
}
