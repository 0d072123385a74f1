import type { Explained } from '../walk.ts';

const at = (lesson: string, step: string): Explained => ({ lesson, step });

/** Steps that explain the tensors of a transformer block, by the end of their names. */
const PARTS: readonly (readonly [RegExp, Explained])[] = [
  [/\.attn\.(qkv|q|k|v)$/, at('03-attention', 'score')],
  [/\.attn\.scores$/, at('03-attention', 'score')],
  [/\.attn\.probs$/, at('03-attention', 'softmax')],
  [/\.attn\.(out|merged|proj)$/, at('03-attention', 'mix')],
  [/\.attn\.residual$/, at('04-block', 'sums')],
  [/\.norm\d$/, at('04-block', 'norm')],
  [/\.mlp\.(fc1|gelu|fc2)$/, at('04-block', 'gelu')],
  [/(^|_)(blocks?)(\.\d+)?$/, at('04-block', 'sums')],
];

/** A weight is explained with the tensor that it makes: `blocks.0.attn.qkv.weight` with `blocks.0.attn.qkv`. */
export const ownerOf = (name: string): string => name.replace(/\.(weight|bias|gamma)$/, '');

/** Where a tensor or weight of a transformer block is explained. */
export function blockExplained(name: string): Explained | undefined {
  const owner = ownerOf(name);
  return PARTS.find(([pattern]) => pattern.test(owner))?.[1];
}
