import type { WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, Shapes } from '../shared/infer.ts';
import { OPENAI_PICTURES } from '../shared/preprocessing.ts';
import { namedShapesOf } from '../shared/naming.ts';
import { clipNames, LANDMARKS } from './keymaps.ts';
import type { CLIPConfig } from './config.ts';

/**
 * The configuration of bare weights of a CLIP, under the notebook's names, OpenAI's or Hugging Face's.
 * @throws WeightsError for shapes that contradict each other or tell too little
 */
export function inferClip(
  source: WeightSource,
  set: Readonly<Record<string, unknown>>,
): Inferred<CLIPConfig> {
  const map = clipNames(source);
  const shapes = new Shapes(map ? namedShapesOf(source, map) : source, LANDMARKS[0]);
  const { dim, channels, patch } = shapes.kernel(LANDMARKS[0]);
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
    vocabulary,
    context: shapes.of('text.positional_embedding', 2)[0],
    textDim,
    textDepth: shapes.count('text.blocks'),
    embed: shapes.of('visual.proj.weight', 2)[0],
    ...(clsPosition && { clsPosition }),
    ...(preNorm && { preNorm }),
  };
  const whole = completed<CLIPConfig>(read, set, {
    normEps: preNorm
      ? { value: 1e-5, why: 'as in OpenAI’s models, which have a LayerNorm before the blocks' }
      : { value: 1e-6, why: 'as in the notebook’s own' },
    heads: headsOf(dim),
    textHeads: headsOf(textDim),
    ...(preNorm && {
      gelu: { value: 'sigmoid', why: 'as in OpenAI’s models, which have a LayerNorm before the blocks' },
      end: { value: vocabulary - 1, why: 'the last id, as in OpenAI’s models' },
    }),
  });
  return preNorm ? { ...whole, preprocessing: OPENAI_PICTURES } : whole;
}
