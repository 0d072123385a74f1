import type { WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, Shapes, usual } from '../shared/infer.ts';
import { namedShapesOf } from '../shared/naming.ts';
import type { MAEConfig } from './config.ts';
import { LANDMARK, maeNames } from './keymaps.ts';

/**
 * The configuration of bare weights of a masked autoencoder (He et al. 2022) under the names of the published code or
 * Hugging Face's.
 * @throws WeightsError for shapes that contradict each other or tell too little
 */
export function inferMae(source: WeightSource, set: Readonly<Record<string, unknown>>): Inferred<MAEConfig> {
  const map = maeNames(source);
  const shapes = new Shapes(map ? namedShapesOf(source, map) : source, LANDMARK);
  const { dim, channels, patch } = shapes.kernel(LANDMARK);
  const decoderDim = shapes.of('decoder_embed.weight', 2)[0]!;
  const stored = ['pos_embed', 'decoder_pos_embed'].find((name) => shapes.has(name));
  const read = {
    channels,
    patch,
    dim,
    depth: shapes.count('blocks'),
    mlpRatio: shapes.of('blocks.0.mlp.fc1.weight', 2)[0]! / dim,
    decoderDim,
    decoderDepth: shapes.count('decoder_blocks'),
    qkvBias: shapes.has('blocks.0.attn.qkv.bias'),
    ...(stored && { image: shapes.side(stored, shapes.of(stored, 3)[1]! - 1) * patch }),
  };
  return completed<MAEConfig>(read, set, {
    ...usual(1e-6, 'erf'),
    ...(map?.naming.id === 'hf' && { normEps: { value: 1e-12, why: 'the habit of Hugging Face' } }),
    heads: headsOf(dim),
    image: undefined,
    decoderHeads: headsOf(decoderDim, 32),
    maskRatio: { value: 0.75, why: 'the paper’s share' },
    normPixels: { value: false, why: 'plain pixels as the target' },
  });
}
