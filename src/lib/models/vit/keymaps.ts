import { FLAX } from './flax-names.ts';
import { HF_CLIP, HF_SIGLIP, OPENAI } from './tower-names.ts';
import { blocksNamed, HF_BLOCK, HF_STEMS, halfOf, TIMM_BLOCK } from '../shared/block-names.ts';
import type { Naming, Target } from '../shared/naming.ts';

/*
 * Names of a ViT's tensors in the checkpoints people have, translated to the graph's names, which are timm's
 * (timm 1.0, `vision_transformer.py`).
 */

/** timm's, and those of the published code of DeiT, DINO, DINOv2, BEiT and MAE's encoder; OpenCLIP has a text tower beside. */
const TIMM: Naming = {
  id: 'timm',
  title: 'timm',
  landmark: 'patch_embed.proj.weight',
  except: {
    register_tokens: 'reg_token',
    storage_tokens: 'reg_token',
    linear_head: 'head',
    ...blocksNamed(TIMM_BLOCK, ['blocks.#']),
  },
  leaves: [
    [/^text\.|^logit_(scale|bias)$/, 'the text tower, which pictures do not need'],
    [
      /^rope(_embed)?\.periods$|(^|\.)rope\.freqs_(cos|sin)$/,
      'frequencies of rotary positions, which are computed',
    ],
  ],
};

/** The published code of EVA-CLIP (github.com/baaivision/EVA, `eva_vit_model.py`), whose head is a projection. */
const EVA_CLIP: Naming = {
  ...TIMM,
  id: 'eva-clip',
  title: 'EVA-CLIP',
  except: { ...TIMM.except, head: 'proj' },
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
  'pooler.layernorm': 'fc_norm',
  'encoder.relative_position_bias.relative_position_bias_table': 'rel_pos_bias.relative_position_bias_table',
  ...blocksNamed(HF_BLOCK, HF_STEMS),
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

/** Hugging Face's `DINOv3ViTModel`, whose MLP is gated where it has a gate. */
const hfDino3 = (gated: boolean): Naming => ({
  id: 'hf-dinov3',
  title: 'Hugging Face (DINOv3)',
  landmark: 'embeddings.patch_embeddings.weight',
  names: {
    ...HF_NAMES,
    'embeddings.patch_embeddings': 'patch_embed.proj',
    norm: 'norm',
    ...blocksNamed({ ...HF_BLOCK, 'mlp.up_proj': gated ? halfOf(1) : 'mlp.fc1' }, [
      'layer.#',
      'model.layer.#',
    ]),
  },
});

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
      }).map(([name, to]) => [`encoder.layers.encoder_layer_#.${name}`, `blocks.#.${to}`]),
    ),
  },
};

/** The namings a ViT's file may have, the likely one of those with the same landmark first. */
export function vitNamings(names: readonly string[]): readonly Naming[] {
  const five = names.some((name) => /(^|\.)layers\.\d+\.attention\./.test(name));
  const tower = names.some((name) => /(^|\.)embeddings\.class_embedding$/.test(name)) ? HF_CLIP : HF_SIGLIP;
  const dino3 = hfDino3(names.some((name) => name.includes('.mlp.gate_proj.')));
  const eva = names.some((name) => /(^|\.)visual\.patch_embed\.proj\.weight$/.test(name));
  return [
    eva ? EVA_CLIP : TIMM,
    ...(five ? [HF5, HF4] : [HF4, HF5]),
    dino3,
    TORCHVISION,
    tower,
    OPENAI,
    FLAX,
  ];
}

/** The patch embedding under each of the names; OpenAI's is that of both towers together, which another family knows. */
export const VIT_LANDMARKS: readonly string[] = [TIMM, HF4, hfDino3(false), TORCHVISION, HF_SIGLIP, FLAX].map(
  ({ landmark }) => landmark,
);
