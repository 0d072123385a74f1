import { HF_STEMS, hfBlocks } from '../shared/hf-block.ts';
import type { Naming, Target } from '../shared/naming.ts';

/*
 * Names of a ViT's tensors in the checkpoints people have, translated to the graph's names, which are timm's
 * (timm 1.0, `vision_transformer.py`).
 */

/** timm's, and those of the published code of DeiT, DINO, DINOv2 and MAE's encoder. */
const TIMM: Naming = {
  id: 'timm',
  title: 'timm',
  landmark: 'patch_embed.proj.weight',
  except: { register_tokens: 'reg_token' },
};

const HF_NAMES: Readonly<Record<string, string | Target>> = {
  'embeddings.cls_token': 'cls_token',
  'embeddings.distillation_token': 'dist_token',
  'embeddings.register_tokens': 'reg_token',
  'embeddings.mask_token': 'mask_token',
  'embeddings.position_embeddings': 'pos_embed',
  'embeddings.patch_embeddings.projection': 'patch_embed.proj',
  layernorm: 'norm',
  classifier: 'head',
  cls_classifier: 'head',
  distillation_classifier: 'head_dist',
  'pooler.dense': 'pooler.dense',
  ...hfBlocks(HF_STEMS),
};

/** Up to version 4 of transformers, which is what files on Hugging Face's hub hold, and from version 5 on. */
const HF_LANDMARK = 'embeddings.patch_embeddings.projection.weight';
const HF4: Naming = {
  id: 'hf-v4',
  title: 'Hugging Face (transformers up to 4)',
  landmark: HF_LANDMARK,
  names: HF_NAMES,
};
const HF5: Naming = { ...HF4, id: 'hf-v5', title: 'Hugging Face (transformers 5)' };

/** torchvision's `vit_b_16` and its sisters (torchvision 0.28, `vision_transformer.py`). */
const TORCHVISION: Naming = {
  id: 'torchvision',
  title: 'torchvision',
  landmark: 'conv_proj.weight',
  names: {
    conv_proj: 'patch_embed.proj',
    class_token: 'cls_token',
    'encoder.pos_embedding': 'pos_embed',
    'encoder.ln': 'norm',
    'heads.head': 'head',
    ...Object.fromEntries(
      Object.entries({
        ln_1: 'norm1',
        'self_attention.in_proj_weight': 'attn.qkv.weight',
        'self_attention.in_proj_bias': 'attn.qkv.bias',
        'self_attention.out_proj': 'attn.proj',
        ln_2: 'norm2',
        // The MLP was a list of layers up to torchvision 0.12: `mlp.linear_1`, `mlp.linear_2`.
        'mlp.0': 'mlp.fc1',
        'mlp.3': 'mlp.fc2',
        'mlp.linear_1': 'mlp.fc1',
        'mlp.linear_2': 'mlp.fc2',
      }).map(([name, to]) => [
        `encoder.layers.encoder_layer_#.${name}`,
        `blocks.#.${to}`,
      ]),
    ),
  },
};

const DENSE = { axes: [1, 0] } as const;
/** Query, key, value: the kernel `[D, h, d]`, the bias `[h, d]`. */
const flaxThird = (name: string, of: 0 | 1 | 2): Readonly<Record<string, Target>> => ({
  [`${name}/kernel`]: { to: 'blocks.#.attn.qkv.weight', third: of, axes: [1, 2, 0], merge: 0 },
  [`${name}/bias`]: { to: 'blocks.#.attn.qkv.bias', third: of, merge: 0 },
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
const flaxBlock = (attention: string, second: string, mlp: string): Readonly<Record<string, string | Target>> =>
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

/** The JAX releases (github.com/google-research/vision_transformer and big_vision), as `.npz`. */
const FLAX: Naming = {
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
    ...flaxDense('pre_logits', 'pre_logits.fc'),
    ...flaxDense('head', 'head'),
  },
};

/** The namings a ViT's file may have, the likely one of those with the same landmark first. */
export function vitNamings(names: readonly string[]): readonly Naming[] {
  const five = names.some((name) => /(^|\.)layers\.\d+\.attention\./.test(name));
  return [TIMM, ...(five ? [HF5, HF4] : [HF4, HF5]), TORCHVISION, FLAX];
}

/** The patch embedding under each of the names. */
export const VIT_LANDMARKS: readonly string[] = [TIMM, HF4, TORCHVISION, FLAX].map(({ landmark }) => landmark);
