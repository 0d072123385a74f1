import { blocksNamed, HF_PRE_NORM_BLOCK } from '../shared/hf-block.ts';
import type { Naming } from '../shared/naming.ts';

/** Hugging Face's SigLIP, its picture tower: `SiglipVisionModel`. */
export const HF_SIGLIP: Naming = {
  id: 'hf-siglip',
  title: 'Hugging Face (SigLIP)',
  landmark: 'vision_model.embeddings.patch_embedding.weight',
  names: {
    'vision_model.embeddings.patch_embedding': 'patch_embed.proj',
    'vision_model.embeddings.position_embedding.weight': { to: 'pos_embed', rank: 3 },
    'vision_model.post_layernorm': 'norm',
    'vision_model.head.probe': 'attn_pool.latent',
    'vision_model.head.attention.in_proj_weight': [
      { to: 'attn_pool.q.weight', rows: [0, 1] },
      { to: 'attn_pool.kv.weight', rows: [1, 3] },
    ],
    'vision_model.head.attention.in_proj_bias': [
      { to: 'attn_pool.q.bias', rows: [0, 1] },
      { to: 'attn_pool.kv.bias', rows: [1, 3] },
    ],
    'vision_model.head.attention.out_proj': 'attn_pool.proj',
    'vision_model.head.layernorm': 'attn_pool.norm',
    'vision_model.head.mlp.fc1': 'attn_pool.mlp.fc1',
    'vision_model.head.mlp.fc2': 'attn_pool.mlp.fc2',
    classifier: 'head',
    ...blocksNamed(HF_PRE_NORM_BLOCK, ['vision_model.encoder.layers.#']),
  },
};
