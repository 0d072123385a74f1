import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'A diffusion model learns to undo damage. So the damage has to be known to the last digit: how much at each step, in what order, and what is left. Here you do the damage yourself.',
    zh: '扩散模型学习的是去除噪声。因此必须精确地知道噪声是怎样加入的：每一步加多少，按什么次序，最后还剩下多少图片。这一课就来亲手加噪。',
  },
  objectives: [
    {
      en: 'compute one value of a noised picture by hand, from x₀, ε and ᾱ',
      zh: '由 x₀、ε 和 ᾱ，手算加噪图片中的一个值',
    },
    {
      en: 'say why a thousand small steps equal one jump, and what exactly is equal',
      zh: '说明为什么一千个小步等价于一步直达，以及相等的究竟是什么',
    },
    {
      en: 'read a noise schedule as β, as ᾱ and as signal-to-noise ratio, and estimate ᾱ from β',
      zh: '从 β、ᾱ 和信噪比三个方面描述一种噪声调度，并由 β 估算 ᾱ',
    },
    {
      en: 'tell which schedules end in pure noise and which leave something of the picture',
      zh: '区分哪些噪声调度以纯噪声结束，哪些还保留图片的一部分',
    },
    {
      en: 'explain why the step back is a Gaussian one can write down, as long as x₀ is known',
      zh: '解释为什么只要已知 x₀，反向的一步就是可以写出公式的正态分布',
    },
  ],
  models: [],
  state,
  views: {
    mix: {
      label: { en: 'Formula', zh: '公式' },
      panel: () => import('./panels/MixPanel.svelte'),
    },
    strip: {
      label: { en: 'Strip', zh: '各时刻' },
      panel: () => import('./panels/StripPanel.svelte'),
    },
    values: {
      label: { en: 'Values', zh: '数值' },
      panel: () => import('./panels/ValuesPanel.svelte'),
    },
    chain: {
      label: { en: 'Chain', zh: '逐步' },
      panel: () => import('./panels/ChainPanel.svelte'),
    },
    walk: {
      label: { en: 'Walk', zh: '游走' },
      panel: () => import('./panels/WalkPanel.svelte'),
    },
    schedules: {
      label: { en: 'Schedules', zh: '调度' },
      panel: () => import('./panels/SchedulesPanel.svelte'),
    },
    back: {
      label: { en: 'Back', zh: '反向' },
      panel: () => import('./panels/BackPanel.svelte'),
    },
  },
  steps: [
    {
      id: 'question',
      title: { en: 'From a picture to static', zh: '从图片到噪声' },
      set: { t: 249, size: 'full', view: 'mix', sch: 'linear', rule: 'vp' },
      focus: 'picture',
      lit: 'x_t',
    },
    {
      id: 'jump',
      title: { en: 'A weighted sum', zh: '一个加权和' },
      set: { t: 499, size: 'full', view: 'mix', rule: 'vp' },
      focus: 'panel',
      lit: 'x_t',
    },
    {
      id: 'pixel',
      title: { en: 'One pixel, by hand', zh: '手算一个像素' },
      set: { t: 249, size: 'small', view: 'mix', rule: 'vp' },
      focus: 'panel',
      lit: 'epsilon',
    },
    {
      id: 'strip',
      title: { en: 'The same noise, all the way', zh: '始终使用同一份噪声' },
      set: { t: 333, view: 'strip', eps: 'same', rule: 'vp' },
      focus: 'panel',
      lit: 'x_t',
    },
    {
      id: 'chain',
      title: { en: 'Step by step, or in one jump', zh: '逐步计算，还是一步直达' },
      set: { t: 249, view: 'chain', links: 'fresh', rule: 'vp' },
      focus: 'panel',
      lit: 'x_t',
    },
    {
      id: 'walk',
      title: { en: 'A thousand walkers', zh: '一千个游走者' },
      set: { t: 499, view: 'walk', links: 'fresh', rule: 'vp' },
      focus: 'panel',
      lit: 'x_t',
    },
    {
      id: 'values',
      title: { en: 'A picture turns Gaussian', zh: '图片变成正态分布' },
      set: { t: 749, view: 'values', rule: 'vp' },
      focus: 'panel',
      lit: 'x_t',
    },
    {
      id: 'break',
      title: { en: 'Weigh it wrongly', zh: '权重错误的后果' },
      set: { t: 999, size: 'full', view: 'values', rule: 'unfaded' },
      focus: 'panel',
      lit: 'x_t',
    },
    {
      id: 'schedules',
      title: { en: 'Four schedules', zh: '四种噪声调度' },
      set: { t: 499, view: 'schedules', sch: 'linear', rule: 'vp' },
      focus: 'panel',
      lit: 'alphas_cumprod',
    },
    {
      id: 'snr',
      title: { en: 'Where noise overtakes the picture', zh: '噪声在哪里超过图片' },
      set: { t: 259, view: 'schedules', sch: 'linear', rule: 'vp' },
      focus: 'panel',
      lit: 'alphas_cumprod',
    },
    {
      id: 'last',
      title: { en: 'What is left at the end', zh: '最后剩下什么' },
      set: { t: 999, view: 'schedules', sch: 'scaled-linear', rule: 'vp' },
      focus: 'panel',
      lit: 'alphas_cumprod',
    },
    {
      id: 'small',
      title: { en: 'Size matters', zh: '图片大小的影响' },
      set: { t: 399, size: 'full', view: 'mix', sch: 'linear', rule: 'vp' },
      focus: 'picture',
      lit: 'x0',
    },
    {
      id: 'back',
      title: { en: 'One step back', zh: '反向一步' },
      set: { t: 249, size: 'small', view: 'back', back: '10', sch: 'linear', rule: 'vp' },
      focus: 'panel',
      lit: 'posterior_mean',
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '本课小结' },
      set: { t: 999, size: 'full', view: 'strip', eps: 'same', sch: 'linear', rule: 'vp' },
      focus: 'picture',
      lit: 'x_t',
    },
  ],
  terms: [
    'forward-process',
    'noise',
    'gaussian',
    'seed',
    'closed-form',
    'markov-chain',
    'noise-schedule',
    'alpha-bar',
    'variance-preserving',
    'snr',
    'ks-distance',
    'posterior',
  ],
  cells: () => import('./cells.ts'),
  references: [
    'sohldickstein2015',
    'ho2020',
    'nichol2021',
    'song2021sde',
    'kingma2021',
    'rombach2022',
    'bao2023',
    'lin2024',
    'hoogeboom2023',
    'salmon2011',
  ],
});
