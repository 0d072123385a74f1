import type { Text } from '#lib/base/lang.ts';
import { IMPLIED } from './frame.ts';

/** What groups that are no blocks are called; a block has its name in the graph. */
export const groupNames: Readonly<Record<string, Text>> = {
  stem: { en: 'Input', zh: '输入' },
  head: { en: 'Output', zh: '输出' },
};

/** What the branches of a block are called, by the part of the names that their tensors share. */
export const branchNames: Readonly<Record<string, Text>> = {
  attn: { en: 'Attention', zh: '注意力' },
  cross: { en: 'Cross-attention', zh: '交叉注意力' },
  mlp: { en: 'MLP', zh: '多层感知机（MLP）' },
};

/** What stands over a picture that is drawn large, beside the tensor it shows. */
export const lensNames = {
  picture: { en: 'What goes in, enlarged', zh: '输入（放大）' },
  answer: { en: 'The prediction, enlarged', zh: '预测（放大）' },
  [IMPLIED]: { en: 'The picture it implies, x̂₀', zh: '由预测得到的图片 x̂₀' },
} as const satisfies Readonly<Record<string, Text>>;
