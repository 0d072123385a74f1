import type { WeightSource } from '#lib/weights/source.ts';
import { blocksNamed, HF_BLOCK } from '../shared/block-names.ts';
import { mapNames, shapeUnder, type NameMap, type Naming } from '../shared/naming.ts';

/** A tensor that every such file has, by the graph's names. */
export const LANDMARK = 'patch_embed.proj.weight';

/** The graph's names are those of this notebook's training code: a ViT's in timm. */
const OWN: Naming = { id: 'own', title: 'the notebook', landmark: LANDMARK };

/** Hugging Face's `VivitForVideoClassification`: the joint form, under `vivit.`. */
const HF: Naming = {
  id: 'hf',
  title: 'Hugging Face',
  landmark: 'embeddings.patch_embeddings.projection.weight',
  names: {
    'embeddings.cls_token': 'cls_token',
    'embeddings.position_embeddings': 'pos_embed',
    'embeddings.patch_embeddings.projection': 'patch_embed.proj',
    layernorm: 'norm',
    classifier: 'head',
    'pooler.dense': 'pooler.dense',
    ...blocksNamed(HF_BLOCK, ['encoder.layer.#']),
  },
};

/** A file's names as the graph's; undefined for what embeds no patches over several frames. */
export function vivitNames(source: WeightSource): NameMap | undefined {
  const map = mapNames(source.names(), [OWN, HF]);
  return map && shapeUnder(source, map, LANDMARK)?.length === 5 ? map : undefined;
}
