import { defineLesson } from '#lib/notebook/types.ts';
import { MODEL, state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'Lesson 6 destroyed a picture. Here the way is walked back: a small diffusion transformer runs in this page, and every state of its work can be stopped, looked at and changed.',
    zh: '第 6 课把图片变成噪声，这一课讲解反向过程：一个小型扩散 Transformer 在本页里运行，采样中的每一个状态都可以停下来观察，也可以改变。',
  },
  objectives: [
    {
      en: 'say what the network reads and predicts in one step, and how x̂₀ and ε̂ follow from each other',
      zh: '说出网络在一步里读入什么、预测什么，以及 x̂₀ 与 ε̂ 怎样互相推出',
    },
    {
      en: 'follow one step of DDIM from xₜ to the next state by hand',
      zh: '手算一步 DDIM，从 xₜ 得到下一个状态',
    },
    {
      en: 'write down the training objective, compute the loss of one example, and say why it makes the network answer with a mean',
      zh: '写出训练的目标函数，计算一个样本的损失，并说明为什么由此得到的预测是平均',
    },
    {
      en: 'tell a sampler’s error from the noise it adds on purpose, and choose steps and sampler by it',
      zh: '区分采样器的误差与它有意加入的噪声，并据此选择采样器和步数',
    },
    {
      en: 'translate the two conventions of guidance into each other, and recognise too much of it',
      zh: '在引导的两种写法之间换算，并识别引导过强的现象',
    },
    {
      en: 'use the same loop to begin from a picture, fill in a hole, or walk between two noises',
      zh: '用同一个循环进行以图生图、图像修补，或在两份噪声之间插值',
    },
  ],
  models: [MODEL],
  state,
  views: {
    run: {
      label: { en: 'Run', zh: '采样' },
      panel: () => import('./panels/SamplingPanel.svelte'),
    },
    train: {
      label: { en: 'Training', zh: '训练' },
      panel: () => import('./panels/TrainPanel.svelte'),
    },
    mean: {
      label: { en: 'Mean', zh: '平均' },
      panel: () => import('./panels/MeanPanel.svelte'),
    },
    few: {
      label: { en: 'Samplers', zh: '采样器' },
      panel: () => import('./panels/FewPanel.svelte'),
    },
    guide: {
      label: { en: 'Guidance', zh: '引导' },
      panel: () => import('./panels/GuidePanel.svelte'),
    },
    classes: {
      label: { en: 'Classes', zh: '类别' },
      panel: () => import('./panels/ClassesPanel.svelte'),
    },
    picture: {
      label: { en: 'Picture', zh: '以图生图' },
      panel: () => import('./panels/PicturePanel.svelte'),
    },
    paint: {
      label: { en: 'Fill in', zh: '图像修补' },
      panel: () => import('./panels/PaintPanel.svelte'),
    },
    between: {
      label: { en: 'Between', zh: '噪声插值' },
      panel: () => import('./panels/BetweenPanel.svelte'),
    },
    toy: {
      label: { en: 'In the plane', zh: '二维示例' },
      panel: () => import('./panels/ToyPanel.svelte'),
    },
    learn: {
      label: { en: 'Train here', zh: '在此训练' },
      panel: () => import('./panels/LearnPanel.svelte'),
    },
  },
  steps: [
    {
      id: 'start',
      title: { en: 'From noise', zh: '从噪声开始' },
      set: { view: 'run', m: 'ddim', n: 20, eta: 0, w: 2, c: 7, clip: true, k: -1 },
      focus: 'picture',
      lit: 'x',
    },
    {
      id: 'one',
      title: { en: 'One look', zh: '网络的一次预测' },
      set: { view: 'run', k: 0 },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'loop',
      title: { en: 'One step, and again', zh: '采样的一步，以及重复' },
      set: { view: 'run', m: 'ddim', n: 20, eta: 0, k: 8 },
      focus: 'picture',
      lit: 'x',
    },
    {
      id: 'model',
      title: { en: 'Who paints here', zh: '生成图片的网络' },
      set: { view: 'run', k: -1 },
      focus: 'picture',
      lit: 'tokens',
    },
    {
      id: 'train',
      title: { en: 'How it was trained', zh: '网络是怎样训练的' },
      set: { view: 'train', pic: 'car', c: 1, seed: 44, time: 0.5 },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'mean',
      title: { en: 'Why its answer is an average', zh: '为什么网络的预测是平均' },
      set: { view: 'mean', time: 0.95 },
      focus: 'picture',
    },
    {
      id: 'steps',
      title: { en: 'How many steps?', zh: '需要多少步？' },
      set: { view: 'few', row: 'steps', m: 'ddim', eta: 0, w: 2, c: 7 },
      focus: 'picture',
    },
    {
      id: 'samplers',
      title: { en: 'Six ways back', zh: '六种采样器' },
      set: { view: 'few', row: 'samplers', n: 20, eta: 0, w: 2 },
      focus: 'picture',
    },
    {
      id: 'plane',
      title: { en: 'Where the answer is known', zh: '答案已知的二维示例' },
      set: { view: 'toy', toy: 'three', m: 'ddim', n: 10, eta: 0 },
      focus: 'picture',
    },
    {
      id: 'law',
      title: { en: 'The error as a number', zh: '误差的数值' },
      set: { view: 'toy', toy: 'one', m: 'ddim', n: 20, eta: 0 },
      focus: 'picture',
    },
    {
      id: 'learn',
      title: { en: 'Train one yourself', zh: '亲手训练一个网络' },
      set: { view: 'learn', toy: 'three', m: 'ddim', n: 20, eta: 0, time: 0.3 },
      focus: 'picture',
    },
    {
      id: 'guide',
      title: { en: 'Two predictions and their difference', zh: '两次预测与它们的差' },
      set: { view: 'guide', m: 'ddim', n: 20, eta: 0, w: 2, c: 7, k: 10 },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'scale',
      title: { en: 'How much guidance?', zh: '引导应当多强？' },
      set: { view: 'guide', w: 4, k: -1 },
      focus: 'picture',
    },
    {
      id: 'classes',
      title: { en: 'One noise, ten classes', zh: '同一份噪声，十个类别' },
      set: { view: 'classes', ten: 'classes', m: 'ddim', n: 20, eta: 0, w: 2, c: 7 },
      focus: 'picture',
    },
    {
      id: 'picture',
      title: { en: 'Begin from a picture', zh: '从一张图片出发' },
      set: { view: 'picture', t: 0.4, c: -1, m: 'ddim', n: 20, k: -1 },
      focus: 'picture',
    },
    {
      id: 'paint',
      title: { en: 'Fill in a hole', zh: '图像修补' },
      set: { view: 'paint', c: -1, m: 'ddim', n: 20, k: -1 },
      focus: 'picture',
    },
    {
      id: 'between',
      title: { en: 'Between two noises', zh: '两份噪声之间的插值' },
      set: { view: 'between', c: 7, w: 2, m: 'ddim', n: 20, eta: 0 },
      focus: 'picture',
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '本课小结' },
      set: { view: 'run', m: 'ddim', n: 20, w: 2, c: 7, k: -1 },
      focus: 'picture',
    },
  ],
  terms: [
    'denoiser',
    'reverse-process',
    'eps-hat',
    'x0-hat',
    'v-prediction',
    'loss',
    'training-target',
    'ideal-denoiser',
    'sampler',
    'sampler-step',
    'score-function',
    'flow-ode',
    'guidance',
    'image-to-image',
    'in-painting',
    'slerp',
  ],
  cells: () => import('./cells.ts'),
  references: [
    'ho2020',
    'song2021ddim',
    'song2021sde',
    'salimans2022',
    'hang2023',
    'kingma2015',
    'karras2022',
    'lu2022',
    'ho2022',
    'bao2023',
    'meng2022',
    'lugmayr2022',
    'white2016',
  ],
});
