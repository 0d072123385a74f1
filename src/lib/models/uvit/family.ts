import type { Family } from '../family.ts';
import { denoiserFeed, denoiserInputs } from '../shared/denoising.ts';
import { baseFields, choice, flag, GELU, MLP_RATIO, number, QKV_BIAS } from '../shared/fields.ts';
import { checkUVit, contextOf, UVIT_DEFAULTS, uvitSizes, type UViTConfig } from './config.ts';
import { uvitPresets } from './presets.ts';
import { uvit, uvitExtent } from './graph.ts';
import { commonInterventions, factors } from '../shared/interventions.ts';
import { timeInterventions } from '../shared/time.ts';

/** U-ViT (Bao et al. 2023). */
export const FAMILY: Family<UViTConfig> = {
  id: 'uvit',
  title: { en: 'U-ViT', zh: 'U-ViT' },
  order: 2,
  presets: uvitPresets,
  unpublished: ['uvit-256-2-cifar10'],
  groups: { uvit: 'U-ViT' },
  defaults: UVIT_DEFAULTS,
  optional: { contextTokens: 0, contextDim: 768 },
  fields: [
    ...baseFields(
      number('image', 'Picture side, pixels', '图像边长（像素）', 16, 128, 16),
      number('patch', 'Patch side, pixels', '图像块边长（像素）', 1, 16),
      number('depth', 'Blocks in and out', '输入侧与输出侧的层数', 2, 40, 2),
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
    flag('conv', '3 × 3 convolution at the end', '末尾的 3 × 3 卷积'),
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
  denoises: true,
  inputs(c) {
    const { half } = uvitSizes(c);
    const { tokens, dim } = contextOf(c);
    return [
      ...denoiserInputs(c),
      ...(tokens > 0
        ? [{ name: 'context', role: 'embedding', shape: [1, tokens, dim], dims: ['B', 'L', 'D'] } as const]
        : []),
      ...commonInterventions(uvitExtent(c)),
      ...(c.skip === 'none' ? [] : [skipGates(half)]),
      ...(c.conv ? [CONV_GATE] : []),
      ...timeInterventions(),
    ];
  },
  feed(c, given) {
    const fed = denoiserFeed(c, given);
    if (contextOf(c).tokens === 0) return fed;
    return fed && given.context && { ...fed, context: given.context };
  },
  answer: () => ({ kind: 'picture', tensor: 'prediction' }),
  answers: () => ['prediction'],
};

/** A factor on the long skip into each out-block, the outermost first. */
const skipGates = (half: number) =>
  factors('skip_gates', [half], ['depth'], {
    kind: 'gates',
    title: {
      en: 'Long skips, outermost first; press one to cut it',
      zh: '长跳跃连接（由外到内），按一下切断',
    },
    each: (i) => ({ en: `Long skip ${i}`, zh: `第 ${i} 条长跳跃连接` }),
  });

const CONV_GATE = factors('conv_gate', [], [], {
  kind: 'switch',
  title: { en: 'The convolution at the end runs', zh: '末尾的卷积照常运行' },
});
