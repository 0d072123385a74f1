import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  'embedding-space': {
    term: { en: 'shared embedding space', zh: '共同空间（shared embedding space）' },
    meaning: {
      en: 'The vectors that both towers end in. Only their directions count: the cosine of two of them says how well they belong together.',
      zh: '两座塔输出的向量所在的空间。只有方向有意义：两个向量的余弦相似度表示它们相配的程度。',
    },
  },
  // Matrix, zero-shot, angles, fails, break: entries of their own go here.
  'contrastive-loss': {
    term: { en: 'contrastive loss', zh: '对比损失（contrastive loss）' },
    meaning: {
      en: 'Small where what belongs together is more alike than it is to anything else of the batch: cross-entropies over the rows and the columns of a matrix of similarities.',
      zh: '配对的两者比同批中其他任何组合更相似时，它就小。它由相似度矩阵各行与各列的交叉熵组成。',
    },
  },
  temperature: {
    term: { en: 'temperature', zh: '温度' },
    meaning: {
      en: 'What logits are divided by before a softmax. The smaller it is, the more the largest logit gets. CLIP learns its inverse, the scale.',
      zh: 'softmax 之前 logit 要除以的数。温度越低，最大的 logit 得到的概率越多。CLIP 学习的是它的倒数，即缩放系数。',
    },
  },
  negative: {
    term: { en: 'negative', zh: '负样本（negative）' },
    meaning: {
      en: 'A wrong partner that the loss compares with the right one; in CLIP the other texts and pictures of the batch.',
      zh: '损失拿来与正确配对比较的错误配对。在 CLIP 里是同一批中的其他文字和图片。',
    },
  },
  'zero-shot': {
    term: { en: 'zero-shot', zh: '零样本（zero-shot）' },
    meaning: {
      en: 'Of classification: into classes for which no labelled example was trained on, only their names are given.',
      zh: '一种分类方式：没有用这些类别的标注样本训练过，只给出类别的名称。',
    },
  },
  'one-hot': {
    term: { en: 'one-hot label', zh: '独热标签（one-hot label）' },
    meaning: {
      en: 'A class as a vector: 1 at the place of the class, 0 everywhere else.',
      zh: '用向量表示一个类别：该类别的位置为 1，其余为 0。',
    },
  },
  'bag-of-words': {
    term: { en: 'bag of words', zh: '词袋（bag of words）' },
    meaning: {
      en: 'A text as the collection of its words, without their order.',
      zh: '只看一段文字含有哪些词，不看词的顺序。',
    },
  },

  // Views of a picture, collapse, methods: entries of their own go here.
  view: {
    term: { en: 'view', zh: '视图' },
    meaning: {
      en: 'A picture after a random crop, flip and change of colours. Two views of one picture show the same thing and share few pixels.',
      zh: '一张图片经过随机裁剪、翻转和变色后的样子。同一张图片的两个视图内容相同，相同的像素却很少。',
    },
  },
  'positive-pair': {
    term: { en: 'positive pair', zh: '正样本对' },
    meaning: {
      en: 'Two things that a contrastive loss pulls together, such as two views of one picture, or a picture and its text. Everything else in the batch is a negative.',
      zh: '对比损失要拉近的两个对象，例如同一张图片的两个视图，或一张图片与它的文本。批次里其余的都是负样本。',
    },
  },
  collapse: {
    term: { en: 'collapse', zh: '坍缩' },
    meaning: {
      en: 'An encoder gives the same vector for every input. Whatever belongs together is then perfectly alike, and so is everything else.',
      zh: '编码器对任何输入都给出同一个向量。这时配对的输入完全相同，但不配对的也完全相同。',
    },
  },
  'effective-rank': {
    term: { en: 'effective rank', zh: '有效秩' },
    meaning: {
      en: 'In how many directions the rows of a table lie: exp of the entropy of its singular values, divided by their sum. 1 where all rows point one way, the width where all directions count alike.',
      zh: '表的各行分布在多少个方向上：把奇异值除以它们的总和，求熵，再取 exp。所有行指向同一方向时为 1，各方向同等重要时等于宽度。',
    },
  },
};
export default glossary;
