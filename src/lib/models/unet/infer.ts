import type { WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, labelGuess, Shapes } from '../shared/infer.ts';
import { UNET_DEFAULTS, UNET_OPTIONAL, type UNetConfig } from './config.ts';

/** A tensor that every U-Net's weights have, and no other network's. */
export const LANDMARK = 'temb.dense.0.weight';

/**
 * The configuration of bare U-Net weights under the graph's names.
 * @throws WeightsError for shapes that contradict each other or tell too little
 */
export function inferUnet(
  source: WeightSource,
  set: Readonly<Record<string, unknown>>,
): Inferred<UNetConfig> {
  const shapes = new Shapes(source, LANDMARK);
  const [width = 0, channels = 0] = shapes.of('conv_in.weight', 4);
  const levels = shapes.count('down');
  const multipliers = Array.from(
    { length: levels },
    (_, i) => shapes.of(`down.${i}.block.0.conv1.weight`, 4)[0]! / width,
  );
  const attended = multipliers.map((_, i) => shapes.has(`down.${i}.attn.0.q.weight`));
  const labels = shapes.has('label_emb.weight') ? shapes.of('label_emb.weight', 2)[0]! : 0;
  const table = labels > 0 ? labelGuess(labels) : undefined;
  const last = multipliers.at(-1)! * width;
  const text = shapes.has('mid.attn2_1.kv.weight') ? shapes.of('mid.attn2_1.kv.weight', 2)[1] : undefined;
  const image = typeof set.image === 'number' ? set.image : UNET_DEFAULTS.image;
  const read = {
    channels,
    width,
    multipliers,
    blocks: shapes.count('down.0.block'),
    attention: attended.flatMap((has, i) => (has ? [image / 2 ** i] : [])),
    normEps: UNET_DEFAULTS.normEps,
    ...(shapes.of('mid.block_1.temb_proj.weight', 2)[0] === 2 * last && { scaleShift: true }),
    ...(labels === 0 && { classes: 0, nullClass: false }),
    ...(text !== undefined && { contextDim: text }),
  };
  return completed<UNetConfig>(read, set, {
    image: { value: image, why: 'the weights fit any size' },
    groups: { value: UNET_DEFAULTS.groups, why: 'as in the published code' },
    classes: table?.classes,
    nullClass: table?.nullClass,
    ...(text !== undefined && {
      contextTokens: { value: 77, why: 'as in the published text-to-image networks' },
      heads: { value: UNET_OPTIONAL.heads, why: 'no tensor tells it' },
    }),
  });
}
