import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  block: {
    term: { en: 'block', zh: '块（block）' },
    meaning: {
      en: 'One repetition of the transformer’s pattern: attention and an MLP, each behind a LayerNorm and beside a residual path. All blocks have the same shape and weights of their own.',
      zh: 'Transformer 基本结构的一次重复：注意力和 MLP，前面各有一个层归一化，旁边各有一条残差通路。各块形状相同，权重各自独立。',
    },
  },
  'residual-stream': {
    term: { en: 'residual stream', zh: '残差流' },
    meaning: {
      en: 'The table [T, D] that runs through all blocks. Each block reads it and adds something to it; nothing ever replaces it.',
      zh: '贯穿所有块的那张 [T, D] 表。每个块从中读取，再往里加一点东西，从不把它换掉。',
    },
  },
  layernorm: {
    term: { en: 'LayerNorm', zh: '层归一化（LayerNorm）' },
    meaning: {
      en: 'Takes each token by itself: subtracts the mean of its D numbers, divides by their standard deviation, then scales and shifts every feature by learned γ and β.',
      zh: '对每个词元单独进行：减去它 D 个数的均值，除以标准差，再用学出来的 γ 和 β 对每个特征缩放、平移。',
    },
  },
  epsilon: {
    term: { en: 'ε of a normalisation', zh: '归一化里的 ε' },
    meaning: {
      en: 'A small constant added to the variance, so that a token whose numbers are all equal is not divided by zero.',
      zh: '加在方差上的一个小常数。这样，即使一个词元的数全都相等，也不会除以零。',
    },
  },
  head: {
    term: { en: 'head', zh: '注意力头（head）' },
    meaning: {
      en: 'One of several attentions that run side by side, each on its own d = D / h numbers of every query, key and value.',
      zh: '并排进行的几个注意力之一，各自使用查询、键、值里属于自己的 d = D / h 个数。',
    },
  },
  mlp: {
    term: { en: 'MLP', zh: '多层感知机（MLP）' },
    meaning: {
      en: 'Two linear layers with a bend between them: D numbers become M, usually four times as many, and come back to D. Every token goes through it alone, with the same weights.',
      zh: '两个线性层，中间夹一个非线性：D 个数变成 M 个（通常是四倍），再变回 D 个。每个词元各走各的，权重相同。',
    },
  },
  gelu: {
    term: { en: 'GELU', zh: 'GELU（高斯误差线性单元）' },
    meaning: {
      en: 'x · Φ(x), with Φ the share of a standard normal distribution that lies below x. Close to 0 for clearly negative numbers, close to x for clearly positive ones.',
      zh: 'x · Φ(x)，其中 Φ 是标准正态分布小于 x 的概率。x 明显为负时接近 0，明显为正时接近 x。',
    },
  },
  'hidden-layer': {
    term: { en: 'hidden layer of the MLP', zh: 'MLP 的隐藏层' },
    meaning: {
      en: 'The M numbers between the two linear layers of the MLP.',
      zh: 'MLP 两个线性层之间的 M 个数。',
    },
  },
  'pre-norm': {
    term: { en: 'pre-norm', zh: '前置归一化（pre-norm）' },
    meaning: {
      en: 'LayerNorm stands at the entrance of each branch: x + f(LN(x)). The stream itself is never normalised inside the blocks.',
      zh: '层归一化放在每条支路的入口：x + f(LN(x))。残差流本身在块里从不被归一化。',
    },
  },
  'post-norm': {
    term: { en: 'post-norm', zh: '后置归一化（post-norm）' },
    meaning: {
      en: 'LayerNorm stands behind each sum: LN(x + f(x)). The whole stream goes through it.',
      zh: '层归一化放在每次相加之后：LN(x + f(x))。整条残差流都要经过它。',
    },
  },
  pca: {
    term: { en: 'principal components', zh: '主成分（PCA）' },
    meaning: {
      en: 'The directions along which a set of vectors varies most, one at right angles to the other.',
      zh: '一组向量变化最大的几个方向，彼此垂直。',
    },
  },
  cosine: {
    term: { en: 'cosine', zh: '余弦相似度' },
    meaning: {
      en: 'How far two vectors point the same way, whatever their lengths: 1 the same way, 0 at right angles, −1 opposite.',
      zh: '两个向量方向有多一致，与长短无关：同向为 1，垂直为 0，反向为 −1。',
    },
  },
};

export default glossary;
