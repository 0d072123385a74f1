import type { Architecture } from '../family.ts';
import { baseFields, choice, flag, GELU, MLP_RATIO, number, QKV_BIAS } from '../shared/fields.ts';
import { neutralInterventions } from '../shared/interventions.ts';
import { checkVit, VIT_DEFAULTS, type VitConfig } from './config.ts';
import { vitPresets } from './presets.ts';
import { vit } from './graph.ts';

/** The Vision Transformer (Dosovitskiy et al. 2021), with DeiT's and FlexiViT's sizes among its presets. */
export const VIT: Architecture<VitConfig> = {
  id: 'vit',
  title: { en: 'ViT', zh: 'ViT（视觉 Transformer）' },
  presets: vitPresets,
  defaults: VIT_DEFAULTS,
  optional: { classToken: true, patchBias: true },
  fields: [
    ...baseFields(),
    MLP_RATIO,
    number('classes', 'Classes', '类别数', 0, 1000),
    choice('pool', 'What the head reads', '分类头读取', {
      cls: ['the CLS token', '类别 token（CLS）'],
      gap: ['the mean of the patch tokens', '图像块 token 的平均值'],
    }),
    choice('positions', 'Positions', '位置编码', {
      learned: ['learned', '可学习'],
      sincos2d: ['fixed sine and cosine', '固定的正弦余弦'],
      none: ['none', '无'],
    }),
    flag('clsPosition', 'CLS has a position too', 'CLS 也加位置编码'),
    number('registers', 'Register tokens', '寄存器 token（register）数', 0, 16),
    QKV_BIAS,
    flag('layerScale', 'LayerScale', 'LayerScale'),
    flag('preNorm', 'LayerNorm before the blocks', '各块之前的层归一化'),
    GELU,
  ],
  check: checkVit,
  build: vit,
  neutral: neutralInterventions,
  answers: (c) => (c.classes > 0 ? ['logits', 'probs'] : c.pool === 'cls' ? ['pooled'] : ['fc_norm']),
};
