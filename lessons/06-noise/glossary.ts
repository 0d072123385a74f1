import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  gaussian: {
    term: { en: 'normal distribution', zh: '正态分布' },
    meaning: {
      en: 'The bell curve. N(0, 1) has the mean 0 and the variance 1; sums of many small independent numbers come close to it.',
      zh: '钟形曲线。N(0, 1) 的均值为 0、方差为 1；许多独立的小量之和接近这种分布。也叫高斯分布。',
    },
  },
  noise: {
    term: { en: 'noise ε', zh: '噪声 ε' },
    meaning: {
      en: 'One number per value of the picture, each drawn from N(0, 1) independently of all others.',
      zh: '图片里每个值对应一个数，各自独立地从 N(0, 1) 中抽取。',
    },
  },
  'forward-process': {
    term: { en: 'forward process', zh: '前向过程' },
    meaning: {
      en: 'The fixed way from a picture to noise. It has no weights and learns nothing.',
      zh: '从图片到噪声的固定过程。它没有权重，也不需要学习。',
    },
  },
  likelihood: {
    term: { en: 'likelihood', zh: '似然' },
    meaning: {
      en: 'How probable an observation is under each value that might have caused it. As a function of the value it need not sum to 1.',
      zh: '假定原因取各个值时，观测结果出现的概率（密度）。把它看成原因的函数，总和不一定是 1。',
    },
  },
  'markov-chain': {
    term: { en: 'Markov chain', zh: '马尔可夫链' },
    meaning: {
      en: 'Steps of which each depends only on the one before, not on how it was reached.',
      zh: '一系列步骤，每一步只取决于前一步，与怎样到达前一步无关。',
    },
  },
  'noise-schedule': {
    term: { en: 'noise schedule', zh: '噪声调度' },
    meaning: {
      en: 'The list of β: how much noise power each step adds.',
      zh: '一列 β，规定每一步加入多少噪声功率。',
    },
  },
  'alpha-bar': {
    term: { en: 'ᾱ, signal power', zh: 'ᾱ，信号功率' },
    meaning: {
      en: 'The product of all 1 − β up to a step: the share of the picture’s power that is left. Code calls it alphas_cumprod.',
      zh: '到某一步为止所有 1 − β 的乘积：图片的功率还剩多少。代码里叫 alphas_cumprod。',
    },
  },
  'closed-form': {
    term: { en: 'closed form', zh: '闭式解' },
    meaning: {
      en: 'A formula that gives the result of many steps at once.',
      zh: '直接给出许多步之后结果的公式。',
    },
  },
  'variance-preserving': {
    term: { en: 'variance preserving (VP)', zh: '方差保持（VP）' },
    meaning: {
      en: 'The squares of the two weights sum to 1, so data of variance 1 keeps the variance 1.',
      zh: '两个权重的平方和为 1，因此方差为 1 的数据在加噪后方差仍为 1。',
    },
  },
  snr: {
    term: { en: 'signal-to-noise ratio (SNR)', zh: '信噪比（SNR）' },
    meaning: {
      en: 'Power of the picture over power of the noise, ᾱ / (1 − ᾱ). In decibels: 10 · log₁₀ of it.',
      zh: '图片功率与噪声功率之比，ᾱ / (1 − ᾱ)。以分贝计：取 10 倍常用对数。',
    },
  },
  'ks-distance': {
    term: { en: 'Kolmogorov–Smirnov distance', zh: 'KS 距离' },
    meaning: {
      en: 'The largest gap between two distribution functions: here, between the share of values below x and what N(0, 1) says.',
      zh: '两个分布函数之间的最大差距：这里指小于 x 的值所占比例，与 N(0, 1) 给出的比例之差。全称柯尔莫哥洛夫–斯米尔诺夫距离。',
    },
  },
  posterior: {
    term: { en: 'posterior', zh: '后验分布' },
    meaning: {
      en: 'What is known of an earlier state once a later one has been seen; here with x₀ known as well.',
      zh: '已知后面的状态时，前面的状态所服从的分布；这里 x₀ 也是已知的。',
    },
  },
  seed: {
    term: { en: 'seed', zh: '随机种子' },
    meaning: {
      en: 'A number from which a generator computes its whole sequence. Same seed, same noise.',
      zh: '随机数发生器由它算出整个序列。种子相同，噪声就相同。',
    },
  },
};

export default glossary;
