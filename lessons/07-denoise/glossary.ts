import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  denoiser: {
    term: { en: 'denoiser', zh: '去噪网络（denoiser）' },
    meaning: {
      en: 'A network that reads a noisy picture and how noisy it is, and predicts what was mixed: the noise, the clean picture, or a combination of both.',
      zh: '读入一张带噪的图片和噪声的强度，预测其中成分的网络：噪声、干净的图片，或者两者的某种组合。',
    },
  },
  'reverse-process': {
    term: { en: 'reverse process', zh: '反向过程（reverse process）' },
    meaning: {
      en: 'The way from noise back to a picture, step by step, with a network’s prediction at each.',
      zh: '从噪声逐步回到图片的过程，每一步都用到网络的一次预测。',
    },
  },
  'eps-hat': {
    term: { en: 'ε̂, predicted noise', zh: 'ε̂，预测的噪声' },
    meaning: {
      en: 'What the network takes for the noise in xₜ. The hat marks a prediction.',
      zh: '网络所预测的 xₜ 中的噪声。字母上的尖号表示预测值。',
    },
  },
  'x0-hat': {
    term: { en: 'x̂₀, predicted picture', zh: 'x̂₀，预测的干净图片' },
    meaning: {
      en: 'What is left of xₜ when the predicted noise is taken off and the rest scaled back: the mean of all clean pictures that could lie behind it, as far as the network knows them.',
      zh: '从 xₜ 中减去预测的噪声，再按比例放大得到的图片。它是网络对所有可能的干净图片的平均的估计。',
    },
  },
  'v-prediction': {
    term: { en: 'v prediction', zh: 'v 预测（v-prediction）' },
    meaning: {
      en: 'Predicting v = √ᾱ ε − √(1−ᾱ) x0. Together with xₜ it says as much as ε or x0, and it stays well scaled at both ends of time.',
      zh: '预测 v = √ᾱ ε − √(1−ᾱ) x₀。配上 xₜ，它与预测 ε 或 x₀ 等价，并且在时间的两端都保持合适的尺度。',
    },
  },
  loss: {
    term: { en: 'loss', zh: '损失函数（loss）' },
    meaning: {
      en: 'The number that training makes small. Here: the squared difference between what the network predicts and what was mixed, averaged over cells, pictures, noises and times.',
      zh: '训练所要减小的量。这里指网络的预测与实际混合的成分之差的平方，再对各单元、图片、噪声和时刻取平均。',
    },
  },
  'training-target': {
    term: { en: 'training target', zh: '训练目标（target）' },
    meaning: {
      en: 'What the network should have predicted for an example. It is known because the example was mixed on purpose.',
      zh: '对一个训练样本，网络应当给出的预测。样本是人为混合而成的，所以它是已知的。',
    },
  },
  'ideal-denoiser': {
    term: { en: 'ideal denoiser', zh: '理想去噪器（ideal denoiser）' },
    meaning: {
      en: 'The x̂₀ with the smallest expected squared error for given data: the mean of all pictures, each weighted by how probable it is once xₜ is known.',
      zh: '对给定的数据，期望平方误差最小的 x̂₀：以已知 xₜ 时各张图片的概率为权重的加权平均。',
    },
  },
  sampler: {
    term: { en: 'sampler', zh: '采样器（sampler）' },
    meaning: {
      en: 'The rule that makes the next state from a state and a prediction. It has no weights; any sampler can be used with any denoiser.',
      zh: '由当前状态和一次预测得出下一状态的规则。它没有权重，任何采样器都能配任何去噪网络。',
    },
  },
  'sampler-step': {
    term: { en: 'step of a sampler', zh: '采样步（step）' },
    meaning: {
      en: 'One stretch of time from t to a smaller s. Not to be confused with the 1,000 indices of a discrete training schedule.',
      zh: '从时刻 t 到更小的 s 的一段。不要与离散噪声调度的 1,000 个时间步混淆。',
    },
  },
  'score-function': {
    term: { en: 'score', zh: '得分函数（score）' },
    meaning: {
      en: 'The gradient of the log density: the direction in which noisy data become more probable. It is −ε/√(1−ᾱ), with ε the mean noise.',
      zh: '对数概率密度的梯度，即让带噪数据变得更可能的方向。它等于 −ε/√(1−ᾱ)，其中 ε 是噪声的均值。',
    },
  },
  'flow-ode': {
    term: { en: 'probability-flow ODE', zh: '概率流常微分方程（probability-flow ODE）' },
    meaning: {
      en: 'A noise-free way back whose points have, at each time, exactly the distribution of the noisy data. Each noise leads to one picture.',
      zh: '不加入噪声的反向过程：在任一时刻，沿它运动的点都恰好服从带噪数据的分布。一份噪声对应一张图片。',
    },
  },
  guidance: {
    term: { en: 'classifier-free guidance', zh: '无分类器引导（classifier-free guidance）' },
    meaning: {
      en: 'Going beyond the conditional prediction, away from the unconditional one: ε_∅ + w (ε_c − ε_∅). The network was trained with the class left out now and then.',
      zh: '从无条件预测出发，越过有条件预测继续向前：ε_∅ + w (ε_c − ε_∅)。为此，训练时有时会去掉类别。',
    },
  },
  'image-to-image': {
    term: { en: 'image to image', zh: '以图生图（image-to-image）' },
    meaning: {
      en: 'Adding noise to a picture up to a time t and denoising from there. The smaller t, the more of the picture stays.',
      zh: '把图片加噪到时刻 t，再从那里去噪。t 越小，原图保留得越多。',
    },
  },
  'in-painting': {
    term: { en: 'in-painting', zh: '图像修补（in-painting）' },
    meaning: {
      en: 'Filling a hole in a picture: after every step the known part is put back, noised to the same time.',
      zh: '填补图片中缺失的部分：每走一步，就把已知部分按同一时刻加噪后放回原处。',
    },
  },
  slerp: {
    term: { en: 'slerp, spherical interpolation', zh: '球面插值（slerp）' },
    meaning: {
      en: 'Walking from one vector to another along the arc between them instead of the straight line.',
      zh: '从一个向量走到另一个时，沿两者之间的圆弧，而不沿直线。',
    },
  },
};

export default glossary;
