import type { Family } from '../family.ts';
import { denoiserFeed, denoiserInputs } from '../shared/denoising.ts';
import { flag, number, numbers } from '../shared/fields.ts';
import { factors } from '../shared/interventions.ts';
import {
  checkUnet,
  UNET_DEFAULTS,
  UNET_OPTIONAL,
  unetPresets,
  unetSizes,
  wholeUnet,
  type UNetConfig,
} from './config.ts';
import { unet } from './graph.ts';

/** U-Nets: DDPM's (Ho et al. 2020), and in latents with a text (Rombach et al. 2022). */
export const FAMILY: Family<UNetConfig> = {
  id: 'unet',
  title: { en: 'U-Net', zh: 'U-Net' },
  order: 4,
  presets: unetPresets,
  groups: { ddpm: 'U-Net' },
  defaults: UNET_DEFAULTS,
  optional: UNET_OPTIONAL,
  fields: [
    number('image', 'Picture side, pixels', '图像边长（像素）', 8, 128, 8),
    number('channels', 'Channels of the picture', '图像通道数', 1, 8),
    number('width', 'Channels of the first level', '第一级的通道数', 32, 512, 32),
    numbers('multipliers', 'Channels of each level, as multiples', '各级通道数的倍数'),
    number('blocks', 'Residual blocks of a level', '每级的残差块数', 1, 4),
    numbers('attention', 'Sides with attention, pixels', '带注意力的边长（像素）'),
    number('groups', 'Groups of a group norm', '组归一化的组数', 1, 32),
    number('classes', 'Classes', '类别数', 0, 1000),
    flag('nullClass', 'A row for “no class”', '含“无类别”一行'),
  ],
  check: checkUnet,
  build: unet,
  denoises: true,
  inputs(c) {
    const { contextTokens, contextDim } = wholeUnet(c);
    const shape = [1, contextTokens, contextDim];
    return [
      ...denoiserInputs(c),
      ...(contextTokens > 0
        ? [{ name: 'context', role: 'embedding', shape, dims: ['B', 'L', 'D'] } as const]
        : []),
      skipGates(unetSizes(c).skips),
    ];
  },
  feed(c, given) {
    const fed = denoiserFeed(c, given);
    if (wholeUnet(c).contextTokens === 0) return fed;
    return fed && given.context && { ...fed, context: given.context };
  },
  answer: () => ({ kind: 'picture', tensor: 'prediction' }),
  answers: () => ['prediction'],
};

/** A factor on each skip, in the order that the way up takes them. */
const skipGates = (count: number) =>
  factors('skip_gates', [count], ['depth'], {
    kind: 'gates',
    title: { en: 'Skips, innermost first; press one to cut it', zh: '跳跃连接（由内到外），按一下切断' },
    each: (i) => ({ en: `Skip ${i}`, zh: `第 ${i} 条跳跃连接` }),
  });
