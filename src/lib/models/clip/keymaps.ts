import type { WeightSource } from '#lib/weights/source.ts';
import { blocksNamed, HF_PRE_NORM_BLOCK, OPENAI_BLOCK } from '../shared/block-names.ts';
import { mapNames, type NameMap, type Naming } from '../shared/naming.ts';

/** A tensor that every file of the notebook's own has, and others that tell it from a picture tower alone. */
export const LANDMARKS = [
  'visual.patch_embed.proj.weight',
  'text.token_embedding.weight',
  'text.text_projection.weight',
] as const;

const OWN: Naming = { id: 'own', title: 'this notebook', landmark: LANDMARKS[0] };

/** The published code's (github.com/openai/CLIP, `model.py`), which OpenCLIP has kept. */
const OPENAI: Naming = {
  id: 'openai',
  title: 'OpenAI',
  landmark: 'visual.conv1.weight',
  names: {
    'visual.conv1': 'visual.patch_embed.proj',
    'visual.class_embedding': { to: 'visual.cls_token', rank: 3 },
    'visual.positional_embedding': { to: 'visual.pos_embed', rank: 3 },
    'visual.ln_pre': 'visual.norm_pre',
    'visual.ln_post': 'visual.norm',
    'visual.proj': { to: 'visual.proj.weight', axes: [1, 0] },
    token_embedding: 'text.token_embedding',
    positional_embedding: 'text.positional_embedding',
    ln_final: 'text.ln_final',
    text_projection: { to: 'text.text_projection.weight', axes: [1, 0] },
    logit_scale: 'logit_scale',
    ...blocksNamed(OPENAI_BLOCK, ['visual.transformer.resblocks.#'], 'visual.blocks.#'),
    ...blocksNamed(OPENAI_BLOCK, ['transformer.resblocks.#'], 'text.blocks.#'),
  },
};

/** Hugging Face's `CLIPModel`. The norm before the blocks is misspelled there. */
const HF: Naming = {
  id: 'hf',
  title: 'Hugging Face',
  landmark: 'vision_model.embeddings.patch_embedding.weight',
  names: {
    'vision_model.embeddings.patch_embedding': 'visual.patch_embed.proj',
    'vision_model.embeddings.class_embedding': { to: 'visual.cls_token', rank: 3 },
    'vision_model.embeddings.position_embedding.weight': { to: 'visual.pos_embed', rank: 3 },
    'vision_model.pre_layrnorm': 'visual.norm_pre',
    'vision_model.post_layernorm': 'visual.norm',
    visual_projection: 'visual.proj',
    'text_model.embeddings.token_embedding': 'text.token_embedding',
    'text_model.embeddings.position_embedding.weight': 'text.positional_embedding',
    'text_model.final_layer_norm': 'text.ln_final',
    text_projection: 'text.text_projection',
    logit_scale: 'logit_scale',
    ...blocksNamed(HF_PRE_NORM_BLOCK, ['vision_model.encoder.layers.#'], 'visual.blocks.#'),
    ...blocksNamed(HF_PRE_NORM_BLOCK, ['text_model.encoder.layers.#'], 'text.blocks.#'),
  },
};

const NAMINGS = [OWN, OPENAI, HF];

/** The picture tower's patch embedding under each of the names. */
export const PATCH_EMBEDDINGS: readonly string[] = NAMINGS.map(({ landmark }) => landmark);

/** The names of a file, where both towers are in it. */
export function clipNames(source: WeightSource): NameMap | undefined {
  const map = mapNames(source.names(), NAMINGS);
  return map && LANDMARKS.every((name) => map.origins.has(name)) ? map : undefined;
}
