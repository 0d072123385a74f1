import type { Family } from '../family.ts';
import { baseFields, choice, GELU, MLP_RATIO, number, QKV_BIAS } from '../shared/fields.ts';
import { framesInput, movingFrames } from '../shared/frames.ts';
import { checkVivit, VIVIT_DEFAULTS, type VivitConfig } from './config.ts';
import { vivit } from './graph.ts';
import { vivitInterventions } from './interventions.ts';
import { vivitPresets } from './presets.ts';

/** Video transformers (ViViT, Arnab et al. 2021) in the paper's four forms of attention over space and time. */
export const FAMILY: Family<VivitConfig> = {
  id: 'vivit',
  title: { en: 'ViViT', zh: 'ViViT（视频 Transformer）' },
  order: 6,
  presets: vivitPresets,
  groups: { vivit: 'ViViT' },
  defaults: VIVIT_DEFAULTS,
  fields: [
    choice('attention', 'Attention', '注意力', {
      joint: ['joint', '时空联合'],
      'factorised-encoder': ['two encoders', '两个编码器'],
      'factorised-self-attention': ['space, then time', '先空间后时间'],
      'factorised-dot-product': ['heads divided', '按头分工'],
    }),
    number('frames', 'Frames', '帧数', 2, 64, 2),
    number('tubelet', 'Frames of a tubelet', '时空管的帧数', 1, 8),
    ...baseFields(),
    number('temporalDepth', 'Blocks over time (two encoders)', '时间编码器的层数（两个编码器时）', 1, 12),
    MLP_RATIO,
    number('classes', 'Classes', '类别数', 1, 1000),
    QKV_BIAS,
    GELU,
  ],
  check: checkVivit,
  build: vivit,
  inputs: (c) => [framesInput(c), ...vivitInterventions(c)],
  feed: ({ frames, channels, image }, { picture, pace }) =>
    picture && { x: movingFrames(picture, { frames, channels, height: image, width: image }, pace) },
  answer: () => ({ kind: 'classes', logits: 'logits', probs: 'probs' }),
  answers: () => ['logits', 'probs'],
};
