import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'The table of patches says what was seen and not where. Here you look at the matrix that makes tokens, at the token that stands for no patch, and at the vectors that carry the place. Then you take them away.',
    zh: '由图像块组成的表只记录了内容，没有记录位置。这一课介绍生成词元的矩阵，一个不代表任何图像块的词元，以及表示位置的向量，然后去掉这些向量，观察会发生什么。',
  },
  objectives: [
    {
      en: 'write the patch embedding as one matrix and as one convolution, and say why they are the same',
      zh: '把图像块嵌入写成一个矩阵，也写成一次卷积，并说明两者为什么相同',
    },
    {
      en: 'say what stands at index 0, where its position comes from, and what the answer is read from',
      zh: '说出编号 0 处是什么、它有没有位置编码，以及答案从哪里读出',
    },
    {
      en: 'show by a number that a transformer without positions does not see the order of its tokens',
      zh: '用一个数说明：没有位置编码时，Transformer 不能区分词元的次序',
    },
    {
      en: 'carry a position table to another grid, and tell a learned table from a written one',
      zh: '把位置编码表用于另一种网格，并区分学习得到的表与按公式给出的表',
    },
    {
      en: 'predict every shape and parameter count from 3×224×224 to 197×D',
      zh: '预测从 3×224×224 到 197×D 每一步的形状和参数个数',
    },
  ],
  models: ['vit-flexi'],
  state,
  views: {
    filters: {
      label: { en: 'Filters', zh: '滤波器' },
      panel: () => import('./panels/FiltersPanel.svelte'),
    },
    cls: {
      label: { en: 'CLS', zh: 'CLS' },
      panel: () => import('./panels/ClsPanel.svelte'),
    },
    positions: {
      label: { en: 'Positions', zh: '位置编码' },
      panel: () => import('./panels/PositionsPanel.svelte'),
    },
    order: {
      label: { en: 'Order', zh: '次序' },
      panel: () => import('./panels/OrderPanel.svelte'),
    },
    ladder: {
      label: { en: 'Ladder', zh: '五步' },
      panel: () => import('./panels/LadderPanel.svelte'),
    },
  },
  steps: [
    {
      id: 'question',
      title: { en: 'A table without places', zh: '一张没有位置信息的表' },
      set: { view: 'order', p: 16, pos: true, mix: true, map: false, seed: 1, block: 2, head: 1 },
      focus: 'picture',
      lit: 'patches',
    },
    {
      id: 'shuffle',
      title: { en: 'Shuffle the patches', zh: '打乱图像块' },
      set: { view: 'order', p: 32, pos: true, mix: true, map: false, seed: 1, block: 2, head: 1 },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'off',
      title: { en: 'Take the positions away', zh: '去掉位置编码' },
      set: { view: 'order', p: 16, pos: false, mix: false, map: true, block: 2, head: 1 },
      focus: 'panel',
      lit: 'pos_added',
    },
    {
      id: 'positions',
      title: { en: 'A vector for every place', zh: '每个位置一个向量' },
      set: { view: 'positions', p: 16, table: 'learned', draw: 'near', map: true },
      focus: 'panel',
      lit: 'pos_added',
    },
    {
      id: 'written',
      title: { en: 'Learned, or written down', zh: '学习得到，或按公式给出' },
      set: { view: 'positions', p: 16, table: 'sincos', draw: 'near', map: true },
      focus: 'panel',
      lit: 'pos_added',
    },
    {
      id: 'grid',
      title: { en: 'Another grid', zh: '换一种网格' },
      set: { view: 'positions', p: 32, table: 'learned', draw: 'near', map: true },
      focus: 'panel',
      lit: 'pos_added',
    },
    {
      id: 'matrix',
      title: { en: 'One matrix, seen as filters', zh: '一个矩阵，看作许多滤波器' },
      set: { view: 'filters', p: 16, show: 'filters', of: 'weights', sort: 'answers', map: true, k: 21 },
      focus: 'panel',
      lit: 'patch_embed',
    },
    {
      id: 'answers',
      title: { en: 'What a filter answers to', zh: '滤波器对什么有响应' },
      optional: true,
      set: { view: 'filters', p: 16, show: 'filters', of: 'answers', sort: 'answers', map: true },
      focus: 'panel',
      lit: 'patch_embed',
    },
    {
      id: 'components',
      title: { en: 'What they have in common', zh: '滤波器的主成分' },
      optional: true,
      set: { view: 'filters', p: 16, show: 'components', of: 'answers', map: true, c: 1 },
      focus: 'panel',
      lit: 'patch_embed',
    },
    {
      id: 'convolution',
      title: { en: 'The same as a convolution', zh: '同样的运算，写成卷积' },
      set: { view: 'filters', p: 16, show: 'twice', map: true },
      focus: 'panel',
      lit: 'patch_embed',
    },
    {
      id: 'cls',
      title: { en: 'A token for no patch', zh: '不属于任何图像块的词元' },
      set: { view: 'cls', p: 16, read: 'tokens' },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'mean',
      title: { en: 'Why not take the mean?', zh: '为什么不取平均？' },
      set: { view: 'cls', p: 16, read: 'mean', map: true },
      focus: 'panel',
      lit: 'probs',
    },
    {
      id: 'ladder',
      title: { en: 'The ladder', zh: '从图片到第一层的五步' },
      set: { view: 'ladder', p: 16, size: 'b' },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '本课小结' },
      set: { view: 'positions', p: 16, table: 'learned', draw: 'near', map: true },
      focus: 'picture',
      lit: 'tokens',
    },
  ],
  terms: [
    'filter',
    'convolution',
    'principal-component',
    'covariance',
    'class-token',
    'average-pooling',
    'position-embedding',
    'cosine',
    'sincos',
    'interpolation',
    'permutation',
    'equivariance',
  ],
  references: [
    'dosovitskiy2021',
    'vaswani2017',
    'devlin2019',
    'haufe2014',
    'beyer2022',
    'beyer2023',
    'he2022',
    'radford2021',
  ],
  borrows: ['01-patches'],
});
