import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

/** Lit at a step: a tensor of the DiT, or of the U-ViT where its tensors are shown. */
const lit =
  (dit?: string, uvit = 'tokens') =>
  ({ net }: { readonly net: 'uvit' | 'dit' }) =>
    net === 'uvit' ? uvit : dit;
const MODULATION = 'blocks.0.adaLN_modulation';

export default defineLesson({
  ...title,
  lead: {
    en: 'A denoiser must be told how noisy its picture is. U-ViT writes it into the sequence. DiT turns it into knobs that scale every block. Both run here, from the same noise, so that you can see what the choice changes and what it costs.',
    zh: '去噪网络必须知道图片里有多少噪声。U-ViT 把它作为序列中的一个词元，DiT 则用它来缩放和平移每一层的各个通道。这一课让两者从同一份噪声出发，比较这种选择带来的差别和所需的开销。',
  },
  objectives: [
    {
      en: 'say where time and class enter a U-ViT and a DiT, and follow them to every block',
      zh: '说出时间与类别在 U-ViT 和 DiT 中各从哪里进入，又怎样到达每一层',
    },
    {
      en: 'read shift, scale and gate of a block, and say why the gates begin at zero',
      zh: '读懂一层的平移、缩放与门控，并说明门控系数为什么从零开始',
    },
    {
      en: 'count what four ways of conditioning cost in weights and in work, and say which network a wrong time hurts more',
      zh: '算出四种条件注入方式各需要多少参数和运算量，并说出错误的时刻对哪个网络影响更大',
    },
    {
      en: 'read DiT’s main result from a chart: how FID falls with the work of a pass',
      zh: '从图上读出 DiT 的主要结果：FID 怎样随一次前向的运算量下降',
    },
    {
      en: 'compare U-Net, LDM, U-ViT and DiT without mixing up what belongs to whom',
      zh: '比较 U-Net、LDM、U-ViT 与 DiT，并分清各自的特点',
    },
    {
      en: 'plan a diffusion transformer of your own: shapes, weights, work, and what cannot be built',
      zh: '设计一个自己的扩散 Transformer：形状、参数、运算量，以及哪些无法搭建',
    },
  ],
  models: ['dit-cifar10', 'uvit-cifar10'],
  state,
  views: {
    pair: { label: { en: 'Painting', zh: '采样' }, panel: () => import('./panels/PairPanel.svelte') },
    same: { label: { en: 'One state', zh: '同一状态' }, panel: () => import('./panels/SamePanel.svelte') },
    ada: {
      label: { en: 'Modulation', zh: '调制量' },
      panel: () => import('./panels/ModulationPanel.svelte'),
    },
    told: { label: { en: 'Wrong time', zh: '错误时刻' }, panel: () => import('./panels/ToldPanel.svelte') },
    ways: {
      label: { en: 'Four ways', zh: '条件注入' },
      panel: () => import('./panels/ConditionWaysPanel.svelte'),
    },
    scaling: { label: { en: 'Scaling', zh: '规模' }, panel: () => import('./panels/ScalingPanel.svelte') },
    family: { label: { en: 'Family', zh: '相关模型' }, panel: () => import('./panels/FamilyView.svelte') },
    build: { label: { en: 'Build', zh: '搭建' }, panel: () => import('./panels/BuildView.svelte') },
  },
  steps: [
    {
      id: 'pair',
      title: { en: 'The same noise, twice', zh: '同一份噪声，两个网络' },
      set: { view: 'pair', what: 'x', k: 100 },
      focus: 'panel',
      lit: lit(),
    },
    {
      id: 'same',
      title: { en: 'One state, two answers', zh: '同一个状态，两个答案' },
      set: { view: 'same', t: 50 },
      focus: 'panel',
      lit: lit('prediction', 'prediction'),
    },
    {
      id: 'attend',
      title: { en: 'Where the clock stands', zh: '时间在哪里' },
      set: { view: 'same', t: 80 },
      focus: 'panel',
      lit: lit('tokens'),
    },
    {
      id: 'condition',
      title: { en: 'One vector for every block', zh: '一个向量用于所有层' },
      set: { view: 'ada', t: 50, b: 0 },
      focus: 'panel',
      lit: lit('c'),
    },
    {
      id: 'fold',
      title: { en: 'Six meanings', zh: '六段的含义' },
      set: { view: 'ada', b: 2 },
      focus: 'panel',
      lit: lit(MODULATION),
    },
    {
      id: 'zero',
      title: { en: 'Why the gates begin at zero', zh: '门控系数为什么从零开始' },
      set: { view: 'ada', b: 0 },
      focus: 'panel',
      lit: lit(MODULATION),
    },
    {
      id: 'told',
      title: { en: 'Tell it the wrong time', zh: '给出错误的时刻' },
      set: { view: 'told', t: 50 },
      focus: 'panel',
      lit: lit(),
    },
    {
      id: 'ways',
      title: { en: 'Four ways to say it', zh: '四种条件注入方式' },
      set: { view: 'ways', way: 'adaln-zero', xl: true },
      focus: 'panel',
      lit: lit(MODULATION),
    },
    {
      id: 'latents',
      title: { en: 'A smaller picture first', zh: '先压缩图片：隐变量' },
      set: { view: 'build', bi: 256, bf: '8', bp: 2, bD: 1152, bL: 28, bm: 'adaln-zero' },
      focus: 'panel',
      lit: lit('patches'),
    },
    {
      id: 'scaling',
      title: { en: 'More work, lower FID', zh: '运算量越大，FID 越低' },
      set: { view: 'scaling' },
      focus: 'panel',
      lit: lit(),
    },
    {
      id: 'family',
      title: { en: 'The family', zh: '相关模型的比较' },
      set: { view: 'family' },
      focus: 'panel',
      lit: lit(),
    },
    {
      id: 'build',
      title: { en: 'Build your own', zh: '自己搭一个' },
      set: { view: 'build', bi: 256, bf: '8', bp: 4, bD: 384, bL: 12, bm: 'uvit' },
      focus: 'panel',
      lit: lit(),
    },
    {
      id: 'end',
      title: { en: 'Tokens or modulation', zh: '本课小结：词元与调制' },
      set: { view: 'pair', what: 'x', k: 100 },
      focus: 'panel',
      lit: lit(),
    },
  ],
  terms: [
    'condition-vector',
    'modulation',
    'adaln',
    'adaln-zero',
    'gate',
    'cross-attention',
    'in-context',
    'latent',
    'fid',
    'mac',
  ],
  cells: () => import('./cells.ts'),
  references: [
    'peebles2023',
    'bao2023',
    'ho2020',
    'rombach2022',
    'perez2018',
    'goyal2017',
    'dosovitskiy2021',
  ],
  borrows: ['01-patches', '08-uvit'],
});
