import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  filter: {
    term: { en: 'filter', zh: '滤波器' },
    meaning: {
      en: 'One row of the embedding matrix, drawn as a small picture. Its answer to a patch is their dot product, plus a bias.',
      zh: '嵌入矩阵的一行，可以画成一张小图。它对一个图像块的响应等于两者的点积加上偏置。',
    },
  },
  convolution: {
    term: { en: 'convolution', zh: '卷积' },
    meaning: {
      en: 'The same small kernel laid on place after place of a picture, each time giving one weighted sum a filter.',
      zh: '把同一个卷积核依次放到图片的各个位置上，在每个位置上，每个滤波器给出一个加权和。',
    },
  },
  'principal-component': {
    term: { en: 'principal component', zh: '主成分' },
    meaning: {
      en: 'A direction along which the rows of a table differ most, at right angles to the ones before it.',
      zh: '一张表的各行变化最大的方向；后一个主成分与前面的各个主成分都垂直。',
    },
  },
  covariance: {
    term: { en: 'covariance', zh: '协方差' },
    meaning: {
      en: 'How far two numbers rise and fall together: the mean product of their distances from their means.',
      zh: '两个量一同增减的程度：各自与均值之差相乘，再取平均。',
    },
  },
  'average-pooling': {
    term: { en: 'global average pooling (GAP)', zh: '全局平均池化（GAP）' },
    meaning: {
      en: 'The mean of all patch tokens, read by the head in place of a class token.',
      zh: '对全部图像块词元取平均，代替分类词元交给分类头。',
    },
  },
  'position-embedding': {
    term: { en: 'position embedding', zh: '位置编码' },
    meaning: {
      en: 'A vector of D numbers for every place of the grid, added to the token of the patch that lies there.',
      zh: '网格的每个位置对应一个 D 维向量，加到位于该处的图像块词元上。',
    },
  },
  cosine: {
    term: { en: 'cosine similarity', zh: '余弦相似度' },
    meaning: {
      en: 'The dot product of two vectors, each scaled to length 1: 1 for the same direction, 0 at a right angle, −1 for opposite ones.',
      zh: '两个向量各缩放到长度 1 后的点积：同向为 1，垂直为 0，反向为 −1。',
    },
  },
  sincos: {
    term: { en: '2-D sine-cosine positions', zh: '二维正余弦位置编码' },
    meaning: {
      en: 'A position table written down by formula: half of the features are sines and cosines of the column, half of the row.',
      zh: '按公式给出的位置编码表：一半特征是列号的正弦和余弦，另一半是行号的正弦和余弦。',
    },
  },
  interpolation: {
    term: { en: 'bilinear interpolation', zh: '双线性插值' },
    meaning: {
      en: 'A value between grid points as the weighted mean of the four nearest ones.',
      zh: '网格点之间的值，取最近四个点的加权平均。',
    },
  },
  permutation: {
    term: { en: 'permutation', zh: '置换' },
    meaning: {
      en: 'A new order of the same things, none lost and none doubled.',
      zh: '同一组对象的另一种排列，既不增加也不减少。',
    },
  },
  equivariance: {
    term: { en: 'permutation equivariance', zh: '置换等变性' },
    meaning: {
      en: 'Shuffle the inputs and the outputs come out shuffled in the same way, otherwise unchanged.',
      zh: '把输入打乱，输出就按同样的方式打乱，除此之外没有变化。',
    },
  },
};

export default glossary;
