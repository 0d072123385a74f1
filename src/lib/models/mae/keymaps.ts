import type { WeightSource } from '#lib/weights/source.ts';
import { blocksNamed, HF_BLOCK, HF_STEMS } from '../shared/block-names.ts';
import { mapNames, type NameMap, type Naming } from '../shared/naming.ts';

/** The graph's names are those of the published code (github.com/facebookresearch/mae, `models_mae.py`). */
const PUBLISHED: Naming = { id: 'published', title: 'the published code', landmark: 'decoder_embed.weight' };

/** Hugging Face's `ViTMAEForPreTraining`: encoder under `vit.`, decoder under `decoder.`. */
const HF: Naming = {
  id: 'hf',
  title: 'Hugging Face',
  landmark: 'decoder.decoder_embed.weight',
  names: {
    'vit.embeddings.cls_token': 'cls_token',
    'vit.embeddings.position_embeddings': 'pos_embed',
    'vit.embeddings.patch_embeddings.projection': 'patch_embed.proj',
    'vit.layernorm': 'norm',
    ...blocksNamed(
      HF_BLOCK,
      HF_STEMS.map((stem) => `vit.${stem}`),
    ),
    'decoder.mask_token': 'mask_token',
    'decoder.decoder_pos_embed': 'decoder_pos_embed',
    'decoder.decoder_embed': 'decoder_embed',
    'decoder.decoder_norm': 'decoder_norm',
    'decoder.decoder_pred': 'decoder_pred',
    // The second as transformers 5 writes it.
    ...blocksNamed(
      HF_BLOCK,
      ['decoder.decoder_layers.#', 'decoder.decoder_encoder.layer.#'],
      'decoder_blocks.#',
    ),
  },
};

/** Tensors that every masked autoencoder has beside its encoder, by the graph's names. */
const NEEDED = ['patch_embed.proj.weight', 'mask_token', 'decoder_embed.weight'] as const;

/** A tensor of the published code that tells where one network's names begin. */
export const LANDMARK = 'patch_embed.proj.weight';

/** A file's names as the graph's; undefined for what is no masked autoencoder with its decoder. */
export function maeNames(source: WeightSource): NameMap | undefined {
  // Hugging Face's landmark ends with the other's.
  const map = mapNames(source.names(), [HF, PUBLISHED]);
  return map && NEEDED.every((name) => map.origins.has(name)) ? map : undefined;
}

/** How many of the tensors that tell a masked autoencoder are there: all of them, or 0. */
export const recogniseMae = (source: WeightSource): number => (maeNames(source) ? NEEDED.length : 0);
