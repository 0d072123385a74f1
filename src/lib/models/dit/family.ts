import type { Family } from '../family.ts';
import { denoiserFeed, denoiserInputs } from '../shared/denoising.ts';
import { checkDit, DIT_DEFAULTS, type DiTConfig } from './config.ts';
import { ditPresets } from './presets.ts';
import { dit, ditExtent } from './graph.ts';
import { commonInterventions } from '../shared/interventions.ts';
import { timeInterventions } from '../shared/time.ts';
import { baseFields, choice, flag, GELU, MLP_RATIO, number, QKV_BIAS } from '../shared/fields.ts';

/** DiT (Peebles & Xie 2023). */
export const FAMILY: Family<DiTConfig> = {
  id: 'dit',
  title: { en: 'DiT', zh: 'DiT' },
  order: 3,
  presets: ditPresets,
  unpublished: ['dit-256-2-cifar10'],
  groups: { dit: 'DiT' },
  defaults: DIT_DEFAULTS,
  optional: { timeShift: 0 },
  fields: [
    ...baseFields(
      number('image', 'Picture side, pixels', '图像边长（像素）', 16, 128, 16),
      number('patch', 'Patch side, pixels', '图像块边长（像素）', 1, 16),
    ),
    MLP_RATIO,
    number('classes', 'Classes', '类别数', 0, 1000),
    flag('nullClass', 'A row for “no class”', '含“无类别”一行'),
    choice('condition', 'Time and class', '时间与类别的注入方式', {
      'adaln-zero': ['adaLN-Zero', 'adaLN-Zero'],
      adaln: ['adaLN', 'adaLN'],
      'cross-attention': ['cross-attention', '交叉注意力'],
      'in-context': ['as tokens', '作为词元'],
    }),
    number('timeFrequencies', 'Width of the time’s sinusoid', '时间正弦余弦嵌入的宽度', 32, 512, 32),
    flag('learnSigma', 'Predicts a variance too', '同时预测方差'),
    choice('positions', 'Positions', '位置编码', {
      sincos2d: ['fixed sine and cosine', '固定的正弦余弦'],
      none: ['none', '无'],
    }),
    QKV_BIAS,
    GELU,
  ],
  check: checkDit,
  build: dit,
  denoises: true,
  inputs: (c) => [...denoiserInputs(c), ...commonInterventions(ditExtent(c)), ...timeInterventions()],
  feed: denoiserFeed,
  answer: () => ({ kind: 'picture', tensor: 'prediction' }),
  answers: (c) => (c.learnSigma ? ['prediction', 'variance'] : ['prediction']),
};
