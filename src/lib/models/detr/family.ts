import type { Family } from '../family.ts';
import { choice, flag, number, numbers } from '../shared/fields.ts';
import { pictureInput } from '../shared/inputs.ts';
import { checkDetr, DETR_DEFAULTS, RESNET_50, RESNET_WIDTH, type DetrConfig } from './config.ts';
import { detr } from './graph.ts';
import { detrInterventions } from './interventions.ts';
import { detrPresets } from './presets.ts';

/** Longest side in pixels that a running model is offered. */
const LONGEST = 256;

/** Detectors that answer with a set: queries, each an object or none (DETR, Carion et al. 2020). */
export const FAMILY: Family<DetrConfig> = {
  id: 'detr',
  title: { en: 'DETR', zh: 'DETR（检测 Transformer）' },
  order: 7,
  presets: detrPresets,
  groups: { detr: 'DETR' },
  defaults: DETR_DEFAULTS,
  optional: { imageWidth: 1066, blocks: RESNET_50, width: RESNET_WIDTH },
  fields: [
    choice('stem', 'Tokens come from', '词元来自', {
      patches: ['patches', '图像块'],
      cnn: ['a small CNN', '小型卷积网络'],
      resnet: ['a ResNet', 'ResNet'],
    }),
    number('image', 'Picture height, pixels', '图像高度（像素）', 32, 1344, 32),
    number('imageWidth', 'Picture width, pixels', '图像宽度（像素）', 32, 1344, 32),
    number('stride', 'Pixels of a token, each way', '每个词元的边长（像素）', 4, 32, 4),
    numbers('blocks', 'Bottlenecks of each stage of the ResNet', 'ResNet 各阶段的瓶颈结构个数'),
    number('dim', 'Width D', '宽度 D', 32, 512, 32),
    number('heads', 'Heads', '注意力头数', 1, 16),
    number('ffn', 'Width of the feed-forward layers', '前馈层宽度', 64, 4096, 64),
    number('encoderDepth', 'Layers of the encoder', '编码器层数', 1, 12),
    number('decoderDepth', 'Layers of the decoder', '解码器层数', 1, 12),
    number('queries', 'Queries', '查询数', 1, 300),
    number('classes', 'Classes, without “no object”', '类别数（不含“无物体”）', 1, 1000),
    flag('positionsAtInput', 'Positions on the tokens, too', '词元本身也加位置编码'),
    number('channels', 'Channels', '通道数', 1, 4),
  ],
  check: checkDetr,
  build: detr,
  inputs: (c) => [pictureInput('picture', c), ...detrInterventions(c)],
  variants: {
    // Positions are computed for any map of tokens, and no other weight knows the size of the picture.
    fields: ['image', 'imageWidth'],
    offered: ({ stride, image }, field) =>
      field === 'image'
        ? Array.from({ length: Math.floor(Math.max(LONGEST, image) / stride) }, (_, i) => (i + 1) * stride)
        : [],
    covers: ({ stem, stride, image, imageWidth = image }) =>
      stem !== 'patches' || (image % stride === 0 && imageWidth % stride === 0),
    adapt(weights, config, { image = config.image, imageWidth }) {
      const across = typeof imageWidth === 'number' ? imageWidth : undefined;
      const { imageWidth: stored, ...rest } = config;
      // A picture of another height is a square one, unless its width is told.
      const width = across ?? (image === config.image ? stored : undefined);
      return { config: { ...rest, image, ...(width !== undefined && { imageWidth: width }) }, weights };
    },
  },
  feed: (_, { picture }) => picture && { x: picture },
  answer: ({ classes }) => ({ kind: 'detections', probs: 'probs', boxes: 'boxes', classes }),
  answers: () => ['probs', 'boxes'],
};
