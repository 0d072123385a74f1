import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  block: {
    term: { en: 'block', zh: '层（Transformer block）' },
    meaning: {
      en: 'One repetition of the transformer’s pattern: attention and an MLP, each behind a LayerNorm and beside a residual path. All blocks have the same shape and weights of their own.',
      zh: 'Transformer 基本结构的一次重复：注意力和 MLP，前面各有一个层归一化，旁边各有一条残差通路。各层形状相同，权重各自独立。',
    },
  },
  'residual-stream': {
    term: { en: 'residual stream', zh: '残差流' },
    meaning: {
      en: 'The table [T, D] that runs through all blocks. Each block reads it and adds something to it; nothing ever replaces it.',
      zh: '贯穿所有层的一张 [T, D] 表。每一层从中读取输入，再把结果加到其中，从不替换原有的内容。',
    },
  },
  layernorm: {
    term: { en: 'LayerNorm', zh: '层归一化（LayerNorm）' },
    meaning: {
      en: 'Takes each token by itself: subtracts the mean of its D numbers, divides by their standard deviation, then scales and shifts every feature by learned γ and β.',
      zh: '对每个词元单独进行：减去它的 D 个数的均值，除以标准差，再用通过训练得到的 γ 和 β 对每个特征缩放和平移。',
    },
  },
  epsilon: {
    term: { en: 'ε of a normalisation', zh: '归一化里的 ε' },
    meaning: {
      en: 'A small constant added to the variance, so that a token whose numbers are all equal is not divided by zero.',
      zh: '加在方差上的一个小常数，使得一个词元的数全部相等时也不会除以零。',
    },
  },
  mlp: {
    term: { en: 'MLP', zh: '多层感知机（MLP）' },
    meaning: {
      en: 'Two linear layers with a non-linearity between them: D numbers become M, usually four times as many, and come back to D. Every token goes through it alone, with the same weights.',
      zh: '两个线性层，中间是非线性激活：D 个数变成 M 个（通常是四倍），再变回 D 个。每个词元单独计算，使用同样的权重。',
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
      zh: '层归一化放在每个分支的入口：x + f(LN(x))。残差流本身在各层里从不归一化。',
    },
  },
  'post-norm': {
    term: { en: 'post-norm', zh: '后置归一化（post-norm）' },
    meaning: {
      en: 'LayerNorm stands behind each sum: LN(x + f(x)). The whole stream goes through it.',
      zh: '层归一化放在每次相加之后：LN(x + f(x))。整条残差流都要经过它。',
    },
  },
};

export default glossary;
