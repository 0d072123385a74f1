import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  'final-norm': {
    term: { en: 'final LayerNorm', zh: '最后的层归一化' },
    meaning: {
      en: 'The LayerNorm after the last block of a pre-norm transformer. It gives every token mean 0 and variance 1 before γ and β, so that the head always reads numbers of one scale.',
      zh: '前置归一化（pre-norm）的 Transformer 在最后一层之后的那次层归一化。它先使每个词元的均值为 0、方差为 1，再乘 γ 加 β，使分类头读到的数总在同一尺度上。',
    },
  },
  'head-linear': {
    term: { en: 'classification head', zh: '分类头' },
    meaning: {
      en: 'One matrix of K rows and D columns, with K biases. Row k holds what class k looks like in the features of CLS.',
      zh: '一个 K 行 D 列的矩阵，外加 K 个偏置。第 k 行可以看作第 k 类在 CLS 特征空间中的模板。',
    },
  },
  logit: {
    term: { en: 'logit', zh: 'logit（未归一化的分数）' },
    meaning: {
      en: 'A class’s score before softmax: any real number. Only differences between logits count.',
      zh: '某个类别在 softmax 之前的分数，可以是任何实数。起作用的只有 logit 之间的差。',
    },
  },
  'logit-lens': {
    term: { en: 'logit lens', zh: 'logit 透镜（logit lens）' },
    meaning: {
      en: 'The final norm and the head applied to a token of an earlier depth, as if the network ended there.',
      zh: '把最后的层归一化和分类头用在较浅处的词元上，相当于让网络在那里结束。',
    },
  },
  attribution: {
    term: { en: 'direct logit attribution', zh: 'logit 直接归因' },
    meaning: {
      en: 'A logit split into what each branch added to the residual stream, read by the head with the final norm’s scale held fixed. It counts direct effects only.',
      zh: '把一个 logit 分解为各分支写入残差流的部分：固定最后的层归一化的除数，再用分类头读取。它只计算直接作用。',
    },
  },
  'receptive-field': {
    term: { en: 'receptive field', zh: '感受野（receptive field）' },
    meaning: {
      en: 'The part of the input that one cell of a layer can depend on.',
      zh: '某一层的一个单元可能依赖的那部分输入。',
    },
  },
  'feature-map': {
    term: { en: 'feature map', zh: '特征图（feature map）' },
    meaning: {
      en: 'One channel of a layer laid out as a picture: each cell says how much of one feature was found at its place.',
      zh: '把某一层的一个通道排成一张图：每个单元表示在对应的位置上某个特征有多强。',
    },
  },
  'encoder-decoder': {
    term: { en: 'encoder and decoder', zh: '编码器与解码器' },
    meaning: {
      en: 'In an encoder all tokens look at one another. A decoder has tokens of its own, which look at each other and, by cross-attention, at the encoder’s result.',
      zh: '在编码器里，所有词元互相读取信息。解码器另有自己的词元，它们之间互相读取，并通过交叉注意力读取编码器的输出。',
    },
  },
  'inductive-bias': {
    term: { en: 'inductive bias', zh: '归纳偏置（inductive bias）' },
    meaning: {
      en: 'What a network’s form assumes before it has seen any data, such as that neighbours matter most and that a thing is the same thing wherever it lies.',
      zh: '网络的结构在看到任何数据之前就已作出的假设，例如相邻的位置最重要，同一个物体换了位置仍是同一个物体。',
    },
  },
};

export default glossary;
