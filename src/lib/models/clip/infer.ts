import type { WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, Shapes } from '../shared/infer.ts';
import type { CLIPConfig } from './config.ts';

/** A tensor that every CLIP's weights have, and others that tell it from a ViT alone. */
export const LANDMARK = 'visual.patch_embed.proj.weight';
export const LANDMARKS = [LANDMARK, 'text.token_embedding.weight', 'text.text_projection.weight'] as const;

/**
 * The configuration of bare weights of a CLIP under the graph's names.
 * @throws WeightsError for shapes that contradict each other or tell too little
 */
export function inferClip(source: WeightSource, set: Readonly<Record<string, unknown>>): Inferred<CLIPConfig> {
  const shapes = new Shapes(source, LANDMARK);
  const { dim, channels, patch } = shapes.kernel(LANDMARK);
  const [vocabulary = 0, textDim = 0] = shapes.of('text.token_embedding.weight', 2);
  const [, positions = 0] = shapes.of('visual.pos_embed', 3);
  const clsPosition = !Number.isInteger(Math.sqrt(positions));
  const preNorm = shapes.has('visual.norm_pre.weight');
  const read = {
    image: shapes.side('visual.pos_embed', positions - (clsPosition ? 1 : 0)) * patch,
    channels,
    patch,
    dim,
    depth: shapes.count('visual.blocks'),
    mlpRatio: shapes.of('visual.blocks.0.mlp.fc1.weight', 2)[0]! / dim,
    normEps: preNorm ? 1e-5 : 1e-6,
    vocabulary,
    context: shapes.of('text.positional_embedding', 2)[0],
    textDim,
    textDepth: shapes.count('text.blocks'),
    embed: shapes.of('visual.proj.weight', 2)[0],
    ...(clsPosition && { clsPosition }),
    ...(preNorm && { preNorm }),
  };
  return completed<CLIPConfig>(read, set, {
    heads: headsOf(dim),
    textHeads: headsOf(textDim),
    ...(preNorm && {
      gelu: { value: 'sigmoid', why: 'as in OpenAI’s models, which have a LayerNorm before the blocks' },
      end: { value: vocabulary - 1, why: 'the last id, as in OpenAI’s models' },
    }),
  });
}

