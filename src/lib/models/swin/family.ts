import { WeightsError } from '#lib/weights/source.ts';
import type { Family } from '../family.ts';
import { choice, flag, GELU, MLP_RATIO, number, numbers, QKV_BIAS } from '../shared/fields.ts';
import { pictureInput } from '../shared/inputs.ts';
import { checkSwin, stepOf, SWIN_DEFAULTS, type SwinConfig } from './config.ts';
import { swin } from './graph.ts';
import { swinInterventions } from './interventions.ts';
import { firstKept, keptInputs } from './kept.ts';
import { OWN_PRESETS, swinPresets } from './presets.ts';

/** Most tokens along a side of the first stage that a running model is offered. */
const MOST_ALONG = 64;

/** Hierarchical vision transformers: Swin (Liu et al. 2021), and the same pyramid with other kinds of attention. */
export const FAMILY: Family<SwinConfig> = {
  id: 'swin',
  title: { en: 'Swin', zh: 'Swin（移位窗口 Transformer）' },
  order: 6,
  presets: swinPresets,
  unpublished: OWN_PRESETS,
  groups: { swin: 'Swin' },
  defaults: SWIN_DEFAULTS,
  optional: { kept: [1, 1] },
  fields: [
    number('image', 'Picture side, pixels', '图像边长（像素）', 32, 896, 32),
    number('patch', 'Patch side, pixels', '图像块边长（像素）', 1, 16),
    choice('attention', 'Attention', '注意力', {
      'shifted-window': ['shifted', '移位窗口'],
      window: ['windows', '窗口'],
      global: ['global', '全局'],
      linear: ['linear', '线性'],
      'multi-scale-linear': ['two scales', '两个尺度'],
    }),
    number('window', 'Window side M, tokens', '窗口边长 M（词元）', 2, 16),
    numbers('depths', 'Blocks of each stage', '各阶段的层数'),
    numbers('heads', 'Heads of each stage', '各阶段的注意力头数'),
    number('dim', 'Width D of the first stage', '第 0 阶段的宽度 D', 32, 256, 32),
    MLP_RATIO,
    choice('mlp', 'MLP', 'MLP', {
      plain: ['two linear layers', '两个线性层'],
      depthwise: ['with a depthwise convolution', '中间加深度卷积'],
    }),
    flag('relativeBias', 'Relative position bias', '相对位置偏置'),
    choice('positions', 'Positions', '位置编码', {
      none: ['none', '无'],
      sincos2d: ['fixed sine and cosine', '固定的正弦余弦'],
    }),
    number('classes', 'Classes', '类别数', 1, 1000),
    number('channels', 'Channels', '通道数', 1, 4),
    QKV_BIAS,
    GELU,
  ],
  check: checkSwin,
  build: swin,
  inputs: (c) => [pictureInput('picture', c), ...keptInputs(c), ...swinInterventions(c)],
  variants: {
    // Weights know offsets within a window, never a place of the picture: any side that windows fill will do, and any
    // of the windows may be left out.
    fields: ['image', 'kept'],
    offered: (c, field) => {
      const step = stepOf(c);
      const most = Math.max(MOST_ALONG * c.patch, c.image);
      return field === 'image'
        ? Array.from({ length: Math.floor(most / step) }, (_, i) => (i + 1) * step)
        : [];
    },
    adapt(weights, config, { image = config.image, kept }) {
      if (image % stepOf(config) !== 0) {
        throw new WeightsError(`its picture’s side must be a multiple of ${stepOf(config)}, not ${image}`);
      }
      return { config: { ...config, image, ...(Array.isArray(kept) && { kept }) }, weights };
    },
  },
  feed: firstKept,
  answer: () => ({ kind: 'classes', logits: 'logits', probs: 'probs' }),
  answers: () => ['logits', 'probs'],
};
