import type { Naming, Target } from '../shared/naming.ts';

const DENSE = { axes: [1, 0] } as const;
/** Query, key, value: the kernel `[D, h, d]`, the bias `[h, d]`. */
const flaxThird = (name: string, of: 0 | 1 | 2): Readonly<Record<string, Target>> => ({
  [`${name}/kernel`]: { to: 'blocks.#.attn.qkv.weight', part: [of, 3], axes: [1, 2, 0], merge: 0 },
  [`${name}/bias`]: { to: 'blocks.#.attn.qkv.bias', part: [of, 3], merge: 0 },
});
const flaxNorm = (name: string, to: string): Readonly<Record<string, string>> => ({
  [`${name}/scale`]: `${to}.weight`,
  [`${name}/bias`]: `${to}.bias`,
});
const flaxDense = (name: string, to: string): Readonly<Record<string, string | Target>> => ({
  [`${name}/kernel`]: { to: `${to}.weight`, ...DENSE },
  [`${name}/bias`]: `${to}.bias`,
});

/** Parts of a block in Flax are numbered by their kind in big_vision, by their place in vision_transformer. */
const flaxBlock = (
  attention: string,
  second: string,
  mlp: string,
): Readonly<Record<string, string | Target>> =>
  Object.fromEntries(
    Object.entries({
      ...flaxNorm('LayerNorm_0', 'blocks.#.norm1'),
      ...flaxThird(`${attention}/query`, 0),
      ...flaxThird(`${attention}/key`, 1),
      ...flaxThird(`${attention}/value`, 2),
      [`${attention}/out/kernel`]: { to: 'blocks.#.attn.proj.weight', axes: [2, 0, 1], merge: 1 },
      [`${attention}/out/bias`]: 'blocks.#.attn.proj.bias',
      ...flaxNorm(second, 'blocks.#.norm2'),
      ...flaxDense(`${mlp}/Dense_0`, 'blocks.#.mlp.fc1'),
      ...flaxDense(`${mlp}/Dense_1`, 'blocks.#.mlp.fc2'),
    }).map(([name, to]) => [`Transformer/encoderblock_#/${name}`, to]),
  );

/** Attention pooling, big_vision's `MAPHead`. */
const flaxPool = (name: string, to: string): Readonly<Record<string, string | Target>> => {
  const attention = `${name}/MultiHeadDotProductAttention_0`;
  const kernel = { axes: [1, 2, 0], merge: 0 } as const;
  return {
    [`${name}/probe`]: `${to}.latent`,
    [`${attention}/query/kernel`]: { to: `${to}.q.weight`, ...kernel },
    [`${attention}/query/bias`]: { to: `${to}.q.bias`, merge: 0 },
    [`${attention}/key/kernel`]: { to: `${to}.kv.weight`, part: [0, 2], ...kernel },
    [`${attention}/key/bias`]: { to: `${to}.kv.bias`, part: [0, 2], merge: 0 },
    [`${attention}/value/kernel`]: { to: `${to}.kv.weight`, part: [1, 2], ...kernel },
    [`${attention}/value/bias`]: { to: `${to}.kv.bias`, part: [1, 2], merge: 0 },
    [`${attention}/out/kernel`]: { to: `${to}.proj.weight`, axes: [2, 0, 1], merge: 1 },
    [`${attention}/out/bias`]: `${to}.proj.bias`,
    ...flaxNorm(`${name}/LayerNorm_0`, `${to}.norm`),
    ...flaxDense(`${name}/MlpBlock_0/Dense_0`, `${to}.mlp.fc1`),
    ...flaxDense(`${name}/MlpBlock_0/Dense_1`, `${to}.mlp.fc2`),
  };
};

/** The JAX releases (github.com/google-research/vision_transformer and big_vision), as `.npz`. */
export const FLAX: Naming = {
  id: 'flax',
  title: 'the JAX release',
  landmark: 'embedding/kernel',
  names: {
    'embedding/kernel': { to: 'patch_embed.proj.weight', axes: [3, 2, 0, 1] },
    'embedding/bias': 'patch_embed.proj.bias',
    cls: 'cls_token',
    pos_embedding: 'pos_embed',
    'Transformer/posembed_input/pos_embedding': 'pos_embed',
    ...flaxBlock('MultiHeadDotProductAttention_1', 'LayerNorm_2', 'MlpBlock_3'),
    ...flaxBlock('MultiHeadDotProductAttention_0', 'LayerNorm_1', 'MlpBlock_0'),
    ...flaxNorm('Transformer/encoder_norm', 'norm'),
    ...flaxPool('MAPHead_#', 'attn_pool'),
    ...flaxDense('pre_logits', 'pre_logits.fc'),
    ...flaxDense('head', 'head'),
  },
};
