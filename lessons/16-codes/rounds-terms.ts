import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `rounds` views belong to. */
export const roundsTerms: Record<string, GlossaryEntry> = {
  'next-scale': {
    term: { en: 'next-scale prediction', zh: '逐尺度预测（next-scale prediction）' },
    meaning: {
      en: 'Writing a picture as grids of codes that grow, from one code to the finest grid. All codes of a grid are drawn in one pass, told what the coarser grids add up to.',
      zh: '把图片写成由小到大的一系列码字网格，从一个码字直到最细的网格。一个网格的码字在一次计算里全部抽出，依据的是较粗的各网格之和。',
    },
  },
  'block-causal': {
    term: { en: 'block-causal mask', zh: '尺度间因果掩码（block-causal mask）' },
    meaning: {
      en: 'A mask of attention by groups: a token sees all tokens of its own group and of the groups before it, and none of those after it.',
      zh: '按组规定的注意力掩码：一个词元看得见本组和前面各组的所有词元，看不见后面各组的词元。',
    },
  },
  rest: {
    term: { en: 'rest (residual of the codes)', zh: '残余（residual）' },
    meaning: {
      en: 'What codes leave over of a picture: the latents of the encoder minus the sum of the codes’ entries. It is a vector of ordinary numbers at each place.',
      zh: '码字没有表示出来的部分：编码器的隐变量减去各码字之和。每个位置上是一个由普通的数组成的向量。',
    },
  },
};
