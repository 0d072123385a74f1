import type { Field } from '../family.ts';
import { choice, number, numbers } from './fields.ts';

/** What a reader may change of an encoder and its decoder. */
export const CODER_FIELDS: readonly Field[] = [
  number('image', 'Picture side, pixels', '图像边长（像素）', 16, 512, 16),
  number('factor', 'Pixels of a latent place, each way', '每个隐变量位置的边长（像素）', 1, 32),
  number('latent', 'Channels of the latents', '隐变量的通道数', 1, 256),
  number('width', 'Channels of the first level', '第一级通道数', 8, 256, 8),
  numbers('multiples', 'Channels of each level, times the first', '各级通道数（相对第一级的倍数）'),
  number('resBlocks', 'Residual blocks of a level', '每级的残差块数', 1, 4),
  number('groups', 'Groups of every group norm', '组归一化的组数', 1, 32),
  choice('attention', 'Attention', '注意力', {
    none: ['none', '无'],
    mid: ['in the middle', '只在中部'],
    last: ['at the whole smallest side', '整个最小分辨率'],
  }),
  number('channels', 'Channels of the picture', '图像通道数', 1, 4),
];
