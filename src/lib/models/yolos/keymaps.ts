import type { WeightSource } from '#lib/weights/source.ts';
import { blocksNamed, HF_BLOCK } from '../shared/block-names.ts';
import { mapNames, type NameMap, type Naming } from '../shared/naming.ts';

/** A tensor that every such file has, by the graph's names, and others that tell it from a classifier. */
export const LANDMARK = 'det_token';
const NEEDED = [LANDMARK, 'pos_embed', 'class_embed.layers.2.weight', 'bbox_embed.layers.2.weight'];
/** How many tensors tell such a file from others. */
export const TELLING = NEEDED.length;

/** The published code (hustvl/YOLOS): `backbone.` stands before all but the heads. */
const OWN: Naming = {
  id: 'own',
  title: 'the published code',
  landmark: LANDMARK,
  leaves: [[/^head\.(weight|bias)$/, 'the classifier that the network began with']],
};

/** Hugging Face's `YolosForObjectDetection`, under `vit.`. */
const HF: Naming = {
  id: 'hf',
  title: 'Hugging Face',
  landmark: 'embeddings.detection_tokens',
  names: {
    'embeddings.cls_token': 'cls_token',
    'embeddings.detection_tokens': LANDMARK,
    'embeddings.position_embeddings': 'pos_embed',
    'embeddings.patch_embeddings.projection': 'patch_embed.proj',
    'encoder.mid_position_embeddings': 'mid_pos_embed',
    'encoder.interpolation.mid_position_embeddings': 'mid_pos_embed',
    layernorm: 'norm',
    'class_labels_classifier.layers.#': 'class_embed.layers.#',
    'bbox_predictor.layers.#': 'bbox_embed.layers.#',
    ...blocksNamed(HF_BLOCK, ['encoder.layer.#', 'encoder.layers.#']),
    'pooler.dense': 'pooler.dense',
  },
};

/** Landmarks under all names. */
export const LANDMARKS: readonly string[] = [OWN.landmark, HF.landmark];

/** A file's names as the graph's; undefined for what is no such detector. */
export function yolosNames(source: WeightSource): NameMap | undefined {
  const map = mapNames(source.names(), [OWN, HF]);
  return map && NEEDED.every((name) => map.origins.has(name)) ? map : undefined;
}
