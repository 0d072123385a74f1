import { defineLesson } from '#lib/notebook/types.ts';
import { MODEL, state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'Lesson 6 destroyed a picture. Here the way is walked back: a small diffusion transformer runs in this page, and every state of its work can be stopped, looked at and changed.',
    zh: '第 6 课把图片毁掉，这一课把路走回来：一个小型扩散 Transformer 就在本页里运行，它工作中的每一个状态都可以停下来看，也可以动手改。',
  },
  objectives: [
    {
      en: 'say what the network reads and predicts in one step, and how x̂0 and ε̂ follow from each other',
      zh: '说出网络在一步里读什么、预测什么，以及 x̂0 与 ε̂ 怎样互相推出',
    },
    {
      en: 'follow one step of DDIM from x_t to the next state by hand',
      zh: '亲手走一步 DDIM，从 x_t 走到下一个状态',
    },
    {
      en: 'tell a sampler’s error from the noise it adds on purpose, and choose steps and sampler by it',
      zh: '把采样器的误差与它有意加入的噪声分开，并据此选择采样器和步数',
    },
    {
      en: 'translate the two conventions of guidance into each other, and recognise too much of it',
      zh: '在引导的两种记法之间换算，并认出引导过强的样子',
    },
    {
      en: 'use the same loop to begin from a picture, fill in a hole, or walk between two noises',
      zh: '用同一个循环从图片出发、补画缺口，或在两份噪声之间行走',
    },
  ],
  models: [MODEL],
  state,
  views: {
    run: {
      label: { en: 'Run', zh: '采样' },
      panel: () => import('./panels/SamplingPanel.svelte'),
    },
    few: {
      label: { en: 'Samplers', zh: '采样器' },
      panel: () => import('./panels/FewPanel.svelte'),
    },
    guide: {
      label: { en: 'Guidance', zh: '引导' },
      panel: () => import('./panels/GuidePanel.svelte'),
    },
    picture: {
      label: { en: 'From a picture', zh: '从图片出发' },
      panel: () => import('./panels/PicturePanel.svelte'),
    },
    paint: {
      label: { en: 'Fill in', zh: '补画' },
      panel: () => import('./panels/PaintPanel.svelte'),
    },
    between: {
      label: { en: 'Between', zh: '两者之间' },
      panel: () => import('./panels/BetweenPanel.svelte'),
    },
    toy: {
      label: { en: 'In the plane', zh: '平面玩具' },
      panel: () => import('./panels/ToyPanel.svelte'),
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
      title: { en: 'One look', zh: '看一眼' },
      set: { view: 'run', k: 0 },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'loop',
      title: { en: 'One step, and again', zh: '走一步，再走一步' },
      set: { view: 'run', m: 'ddim', n: 20, eta: 0, k: 8 },
      focus: 'picture',
      lit: 'x',
    },
    {
      id: 'model',
      title: { en: 'Who paints here', zh: '执笔的是谁' },
      set: { view: 'run', k: -1 },
      focus: 'picture',
      lit: 'tokens',
    },
    {
      id: 'steps',
      title: { en: 'How many steps?', zh: '要走多少步？' },
      set: { view: 'few', row: 'steps', m: 'ddim', eta: 0, w: 2 },
      focus: 'picture',
    },
    {
      id: 'samplers',
      title: { en: 'Six ways back', zh: '六种走法' },
      set: { view: 'few', row: 'samplers', n: 20, eta: 0, w: 2 },
      focus: 'picture',
    },
    {
      id: 'plane',
      title: { en: 'Where the answer is known', zh: '在答案已知的地方' },
      set: { view: 'toy', toy: 'three', m: 'ddim', n: 10, eta: 0 },
      focus: 'picture',
    },
    {
      id: 'law',
      title: { en: 'The error as a number', zh: '把误差写成数' },
      set: { view: 'toy', toy: 'one', m: 'ddim', n: 20, eta: 0 },
      focus: 'picture',
    },
    {
      id: 'guide',
      title: { en: 'Two predictions and their difference', zh: '两次预测与它们的差' },
      set: { view: 'guide', m: 'ddim', n: 20, eta: 0, w: 2, k: 10 },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'scale',
      title: { en: 'How much guidance?', zh: '引导多强才好？' },
      set: { view: 'guide', w: 4, k: -1 },
      focus: 'picture',
    },
    {
      id: 'picture',
      title: { en: 'Begin from a picture', zh: '从一张图片出发' },
      set: { view: 'picture', t: 0.4, w: 2, m: 'ddim', n: 20, k: -1 },
      focus: 'picture',
    },
    {
      id: 'paint',
      title: { en: 'Fill in a hole', zh: '补画缺口' },
      set: { view: 'paint', w: 2, m: 'ddim', n: 20, k: -1 },
      focus: 'picture',
    },
    {
      id: 'between',
      title: { en: 'Between two noises', zh: '两份噪声之间' },
      set: { view: 'between', w: 2, m: 'ddim', n: 20 },
      focus: 'picture',
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '现在你手里有什么' },
      set: { view: 'run', m: 'ddim', n: 20, w: 2, k: -1 },
      focus: 'picture',
    },
  ],
  terms: [
    'denoiser',
    'reverse-process',
    'eps-hat',
    'x0-hat',
    'v-prediction',
    'sampler',
    'sampler-step',
    'score',
    'flow-ode',
    'guidance',
    'image-to-image',
    'in-painting',
    'slerp',
  ],
  references: [
    'ho2020',
    'song2021ddim',
    'song2021sde',
    'salimans2022',
    'karras2022',
    'lu2022',
    'ho2022',
    'bao2023',
    'meng2022',
    'lugmayr2022',
    'white2016',
  ],
});
