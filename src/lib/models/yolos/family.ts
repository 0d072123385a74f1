import type { Family } from '../family.ts';
import { baseFields, flag, GELU, MLP_RATIO, number, QKV_BIAS } from '../shared/fields.ts';
import { pictureInput } from '../shared/inputs.ts';
import { commonInterventions } from '../shared/interventions.ts';
import { checkYolos, YOLOS_DEFAULTS, type YolosConfig } from './config.ts';
import { yolos, yolosExtent } from './graph.ts';
import { yolosPresets } from './presets.ts';

/** Detectors that are a ViT with tokens that answer objects: no decoder (YOLOS, Fang et al. 2021). */
export const FAMILY: Family<YolosConfig> = {
  id: 'yolos',
  title: { en: 'YOLOS', zh: 'YOLOS（只看一个序列的检测器）' },
  order: 8,
  presets: yolosPresets,
  groups: { yolos: 'YOLOS' },
  defaults: YOLOS_DEFAULTS,
  optional: { imageWidth: 864 },
  fields: [
    ...baseFields(number('image', 'Picture height, pixels', '图像高度（像素）', 32, 1344, 16)),
    number('imageWidth', 'Picture width, pixels', '图像宽度（像素）', 32, 1344, 16),
    MLP_RATIO,
    number('queries', 'Detection tokens', '检测词元数', 1, 300),
    number('classes', 'Classes, without “no object”', '类别数（不含“无物体”）', 1, 1000),
    flag('midPositions', 'Positions after each block, too', '每层之后也加位置编码'),
    QKV_BIAS,
    GELU,
  ],
  check: checkYolos,
  build: yolos,
  inputs: (c) => [pictureInput('picture', c), ...commonInterventions(yolosExtent(c))],
  feed: (_, { picture }) => picture && { x: picture },
  answer: ({ classes }) => ({ kind: 'detections', probs: 'probs', boxes: 'boxes', classes }),
  answers: () => ['probs', 'boxes'],
};
