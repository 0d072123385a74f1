import type { WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, labelGuess, Shapes, usual } from '../shared/infer.ts';
import type { UViTConfig } from './config.ts';

/** A tensor that every U-ViT's weights have. */
export const LANDMARK = 'patch_embed.proj.weight';

/** Text tokens of the published text-to-image networks (CLIP's sequence length). */
const TEXT = 77;

/**
 * The configuration of bare U-ViT weights under the names of the published code (Bao et al. 2023).
 * @throws WeightsError for shapes that contradict each other or tell too little
 */
export function inferUVit(
  source: WeightSource,
  set: Readonly<Record<string, unknown>>,
): Inferred<UViTConfig> {
  const shapes = new Shapes(source, LANDMARK);
  const { dim, channels, patch } = shapes.kernel(LANDMARK);
  const half = shapes.count('in_blocks');
  const first = half > 0 ? 'in_blocks.0' : 'mid_block';
  const labels = shapes.has('label_emb.weight') ? shapes.of('label_emb.weight', 2)[0]! : 0;
  const text = shapes.has('context_embed.weight');
  const extras = 1 + (labels > 0 ? 1 : 0) + (text ? TEXT : 0);
  const learned = shapes.has('pos_embed');
  const rows = learned ? shapes.of('pos_embed', 3)[1]! - extras : 0;
  const table = labels > 0 ? labelGuess(labels) : undefined;
  const joined = shapes.has('out_blocks.0.skip_linear.weight')
    ? shapes.of('out_blocks.0.skip_linear.weight', 2)[1]
    : undefined;
  const read = {
    channels,
    patch,
    dim,
    depth: 2 * half,
    mlpRatio: shapes.of(`${first}.mlp.fc1.weight`, 2)[0]! / dim,
    qkvBias: shapes.has(`${first}.attn.qkv.bias`),
    conv: shapes.has('final_layer.weight'),
    timeMlp: shapes.has('time_embed.0.weight'),
    ...(learned && { image: shapes.side('pos_embed', rows) * patch, positions: 'learned' }),
    ...(joined === 2 * dim && { skip: 'concat' }),
    ...(labels === 0 && { classes: 0, nullClass: false }),
    ...(text && { contextTokens: TEXT, contextDim: shapes.of('context_embed.weight', 2)[1]! }),
  };
  return completed<UViTConfig>(read, set, {
    ...usual(1e-5, 'erf'),
    heads: headsOf(dim),
    image: undefined,
    positions: undefined,
    classes: table?.classes,
    nullClass: table?.nullClass,
    skip:
      joined === undefined
        ? { value: 'none', why: 'no matrix for the long skips is stored' }
        : { value: 'project-add', why: 'the matrix of the long skips takes one input' },
  });
}
