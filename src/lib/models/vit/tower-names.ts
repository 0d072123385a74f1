import { blocksNamed, HF_PRE_NORM_BLOCK, OPENAI_BLOCK } from '../shared/block-names.ts';
import type { Naming } from '../shared/naming.ts';

/*
 * Picture towers of networks that learned from pictures with texts. Hugging Face has `vision_model.` before all names up
 * to version 4 of transformers, and where the text tower is in the file too.
 */

const LEFT_OUT = [
  [/^text_model\.|^text_projection\.|^logit_(scale|bias)$/, 'the text tower, which pictures do not need'],
] as const;

const HF: Naming = {
  id: 'hf-siglip',
  title: 'Hugging Face (SigLIP)',
  landmark: 'embeddings.patch_embedding.weight',
  leaves: LEFT_OUT,
  names: {
    'embeddings.patch_embedding': 'patch_embed.proj',
    'embeddings.position_embedding.weight': { to: 'pos_embed', rank: 3 },
    post_layernorm: 'norm',
    classifier: 'head',
    ...blocksNamed(HF_PRE_NORM_BLOCK, ['encoder.layers.#']),
  },
};

/** Hugging Face's SigLIP: `SiglipVisionModel`, and `SiglipModel` without its words. */
export const HF_SIGLIP: Naming = {
  ...HF,
  names: {
    ...HF.names,
    'head.probe': 'attn_pool.latent',
    'head.attention.in_proj_weight': [
      { to: 'attn_pool.q.weight', rows: [0, 1] },
      { to: 'attn_pool.kv.weight', rows: [1, 3] },
    ],
    'head.attention.in_proj_bias': [
      { to: 'attn_pool.q.bias', rows: [0, 1] },
      { to: 'attn_pool.kv.bias', rows: [1, 3] },
    ],
    'head.attention.out_proj': 'attn_pool.proj',
    'head.layernorm': 'attn_pool.norm',
    'head.mlp.fc1': 'attn_pool.mlp.fc1',
    'head.mlp.fc2': 'attn_pool.mlp.fc2',
  },
};

/** Hugging Face's `CLIPVisionModel`, alone or with its projection. The norm before the blocks is misspelled there. */
export const HF_CLIP: Naming = {
  ...HF,
  id: 'hf-clip',
  title: 'Hugging Face (CLIP)',
  names: {
    ...HF.names,
    'embeddings.class_embedding': { to: 'cls_token', rank: 3 },
    pre_layrnorm: 'norm_pre',
    visual_projection: 'proj',
  },
};

/** The published code's (github.com/openai/CLIP, `model.py`), which OpenCLIP has kept. */
export const OPENAI: Naming = {
  id: 'openai',
  title: 'OpenAI',
  landmark: 'ln_pre.weight',
  names: {
    conv1: 'patch_embed.proj',
    class_embedding: { to: 'cls_token', rank: 3 },
    positional_embedding: { to: 'pos_embed', rank: 3 },
    ln_pre: 'norm_pre',
    ln_post: 'norm',
    proj: { to: 'proj.weight', axes: [1, 0] },
    ...blocksNamed(OPENAI_BLOCK, ['transformer.resblocks.#']),
  },
};
