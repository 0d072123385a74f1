import { WeightsError, type WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, Shapes } from '../shared/infer.ts';
import { namedShapesOf } from '../shared/naming.ts';
import { HALVES, IMAGENET } from '../shared/preprocessing.ts';
import {
  DETR_DEFAULTS,
  detrConfig,
  RESNET_50,
  RESNET_STRIDE,
  RESNET_WIDTH,
  type DetrConfig,
} from './config.ts';
import { detrNames, LANDMARK } from './keymaps.ts';

const BODY = 'backbone.0.body';

/** Side of the picture that is assumed where a ResNet makes the tokens: published ones saw 800 and more, which takes minutes here. */
const ASSUMED_SIDE = 512;
/** Tokens along a side that are assumed elsewhere. */
const ASSUMED_ALONG = 12;

type StemRead = Pick<DetrConfig, 'stem' | 'stride' | 'channels' | 'blocks' | 'width'>;

/** What makes the tokens, by the names of its tensors. @throws WeightsError for a ResNet of another form, and for none of these */
function stemOf(shapes: Shapes): StemRead {
  if (shapes.has('backbone.patch_embed.weight')) {
    const { patch, channels } = shapes.kernel('backbone.patch_embed.weight');
    return { stem: 'patches', stride: patch, channels };
  }
  if (shapes.has('backbone.stem.0.conv.weight')) {
    const { channels } = shapes.kernel('backbone.stem.0.conv.weight');
    return { stem: 'cnn', stride: 2 ** shapes.count('backbone.stem'), channels };
  }
  if (!shapes.has(`${BODY}.conv1.weight`))
    throw new WeightsError('what makes its tokens is no ResNet, nor one of the small stems that can be run');
  if (!shapes.has(`${BODY}.layer1.0.conv3.weight`))
    throw new WeightsError('it is missing; only ResNets of bottlenecks can be run', {
      tensor: `${BODY}.layer1.0.conv3.weight`,
    });
  const { dim: width, channels } = shapes.kernel(`${BODY}.conv1.weight`);
  const blocks = RESNET_50.map((_, stage) => shapes.count(`${BODY}.layer${stage + 1}`));
  const known = blocks.every((count, stage) => count === RESNET_50[stage]);
  return {
    stem: 'resnet',
    stride: RESNET_STRIDE,
    channels,
    ...(!known && { blocks }),
    ...(width !== RESNET_WIDTH && { width }),
  };
}

/**
 * The configuration of a bare weights file: everything but heads, ε and the size of the picture is told by the shapes.
 * @throws WeightsError for shapes that contradict each other, and naming the fields that must be set; ConfigError for
 *   values that cannot be
 */
export function inferDetr(
  source: WeightSource,
  set: Readonly<Record<string, unknown>>,
): Inferred<DetrConfig> {
  const map = detrNames(source);
  if (!map) throw new WeightsError('no queries with heads for classes and boxes are in it');
  const shapes = new Shapes(namedShapesOf(source, map), LANDMARK);
  const [queries = 0, dim = 0] = shapes.of(LANDMARK, 2);
  const stem = stemOf(shapes);
  const resnet = stem.stem === 'resnet';
  const found = {
    ...stem,
    dim,
    ffn: shapes.of('transformer.decoder.layers.0.linear1.weight', 2)[0] ?? 0,
    encoderDepth: shapes.count('transformer.encoder.layers'),
    decoderDepth: shapes.count('transformer.decoder.layers'),
    queries,
    classes: (shapes.of('class_embed.weight', 2)[0] ?? 0) - 1,
  };
  const { config, assumed } = completed<DetrConfig>(found, set, {
    heads: headsOf(dim, 32),
    positionsAtInput: resnet
      ? { value: false, why: 'as published' }
      : { value: true, why: 'as this notebook trains detectors without a ResNet' },
    normEps: { value: DETR_DEFAULTS.normEps, why: 'as in the published code' },
    image: {
      value: resnet ? ASSUMED_SIDE : ASSUMED_ALONG * stem.stride,
      why: resnet ? 'the weights fit any size; published ones saw 800 and more' : 'the weights fit any size',
    },
  });
  return { config: detrConfig(config), assumed, preprocessing: resnet ? IMAGENET : HALVES };
}
