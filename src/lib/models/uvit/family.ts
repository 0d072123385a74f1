import type { Architecture } from '../family.ts';
import { baseFields, choice, flag, GELU, MLP_RATIO, number, QKV_BIAS } from '../shared/fields.ts';
import { checkUVit, UVIT_DEFAULTS, type UVitConfig } from './config.ts';
import { uvitPresets } from './presets.ts';
import { neutralUVit, uvit } from './graph.ts';

/** U-ViT (Bao et al. 2023). */
export const UVIT: Architecture<UVitConfig> = {
  id: 'uvit',
  title: { en: 'U-ViT', zh: 'U-ViT' },
  presets: uvitPresets,
  defaults: UVIT_DEFAULTS,
  optional: { contextTokens: 0, contextDim: 768 },
  fields: [
    ...baseFields(
      number('image', 'Picture side, pixels', '图像边长（像素）', 16, 128, 16),
      number('patch', 'Patch side, pixels', '图像块边长（像素）', 1, 16),
      number('depth', 'Blocks in and out', '输入侧与输出侧的块数', 2, 40, 2),
    ),
    MLP_RATIO,
    number('classes', 'Classes', '类别数', 0, 1000),
    flag('nullClass', 'A row for “no class”', '含“无类别”一行'),
    choice('skip', 'Long skips', '长跳跃连接', {
      concat: ['concatenate, project', '拼接后投影'],
      add: ['add', '相加'],
      'project-add': ['project the skip, add', '投影后相加'],
      'add-project': ['add, project', '相加后投影'],
      none: ['none', '无'],
    }),
    flag('conv', '3 × 3 convolution at the end', '末尾的 3×3 卷积'),
    flag('timeMlp', 'MLP on the time', '时间嵌入经过 MLP'),
    choice('positions', 'Positions', '位置编码', {
      learned: ['learned', '可学习'],
      sincos2d: ['fixed sine and cosine', '固定的正弦余弦'],
      none: ['none', '无'],
    }),
    QKV_BIAS,
    GELU,
  ],
  check: checkUVit,
  build: uvit,
  neutral: neutralUVit,
  answers: () => ['prediction'],
};
