import type { WeightSource } from '#lib/weights/source.ts';
import { mapNames, type NameMap, type Naming } from '../shared/naming.ts';

/** A tensor that every such file has: the codebook. */
export const LANDMARK = 'quantize.embedding.weight';

/** The graph's names are those of the published code (github.com/CompVis/taming-transformers, FoundationVision/VAR). */
const PUBLISHED: Naming = {
  id: 'published',
  title: 'the published code',
  landmark: LANDMARK,
  leaves: [
    [/^loss\./, 'the loss of training: a discriminator and a perceptual network'],
    [/^quantize\.ema_vocab_hit/, 'how often each code was used in training'],
  ],
};

/** What tells such a file from others with the same encoder. */
const NEEDED = [
  LANDMARK,
  'encoder.conv_in.weight',
  'encoder.down.0.block.0.norm1.weight',
  'decoder.conv_in.weight',
  'post_quant_conv.weight',
];

/** A file's names as the graph's; undefined for what is no such autoencoder. */
export function vqNames(source: WeightSource): NameMap | undefined {
  const map = mapNames(source.names(), [PUBLISHED]);
  return map && NEEDED.every((name) => map.origins.has(name)) ? map : undefined;
}

/** How many tensors tell such a file from others. */
export const TELLING = NEEDED.length;
