import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'A transformer reads a list of vectors and nothing else. Here you cut a picture into such a list, and every number on the way comes from the picture or from a model that runs in this page.',
    zh: 'Transformer 的输入只能是一列向量。在这一课里，你将亲手把一张图片切成这样一列向量；其间看到的每个数，都来自这张图片，或者来自正在本页里运行的模型。',
  },
  objectives: [
    {
      en: 'say how many patches a picture gives, for any size, and what is left over',
      zh: '对任意的图像块边长，算出一张图片能切成多少个图像块，还剩下多少像素',
    },
    {
      en: 'follow one patch from its pixels to its row in the table, and from there to its token',
      zh: '跟踪一个图像块，从像素到表中的一行，再到它的词元',
    },
    {
      en: 'predict the shapes 3×224×224 → N×P → N×D → (N+1)×D for any vision transformer',
      zh: '对任何一个视觉 Transformer，写出 3×224×224 → N×P → N×D → (N+1)×D 中的各个数',
    },
    {
      en: 'say what a smaller patch costs, and why',
      zh: '说明图像块变小时开销怎样变化，以及为什么',
    },
  ],
  models: ['vit-flexi'],
  state,
  views: {
    patch: {
      label: { en: 'Patch', zh: '图像块' },
      panel: () => import('./panels/PatchPanel.svelte'),
    },
    dot: {
      label: { en: 'Projection', zh: '投影' },
      panel: () => import('./panels/DotPanel.svelte'),
    },
    cost: {
      label: { en: 'Cost', zh: '开销' },
      panel: () => import('./panels/CostPanel.svelte'),
    },
    answer: {
      label: { en: 'Answer', zh: '答案' },
      panel: () => import('./panels/AnswerPanel.svelte'),
    },
    sizes: {
      label: { en: 'Sizes', zh: '规模' },
      panel: () => import('./panels/SizesPanel.svelte'),
    },
  },
  steps: [
    {
      id: 'numbers',
      title: { en: 'Three planes of numbers', zh: '三个平面的数' },
      set: { grid: 'whole', view: 'patch', p: 16 },
      focus: 'picture',
      lit: 'x',
    },
    {
      id: 'cut',
      title: { en: 'Cut it into squares', zh: '切成图像块' },
      set: { grid: 'apart', view: 'patch', p: 16 },
      focus: 'picture',
      lit: 'patches',
    },
    {
      id: 'rest',
      title: { en: 'What does not fit', zh: '切分后的剩余部分' },
      set: { grid: 'whole', view: 'patch', p: 30 },
      focus: 'picture',
      lit: 'patches',
    },
    {
      id: 'patch',
      title: { en: 'One patch, up close', zh: '观察一个图像块' },
      set: { grid: 'apart', view: 'patch', p: 16 },
      focus: 'panel',
      lit: 'patches',
    },
    {
      id: 'rows',
      title: { en: 'A patch becomes a row', zh: '图像块变成一行' },
      set: { grid: 'rows', view: 'patch', p: 16, order: 'crc' },
      focus: 'picture',
      lit: 'patches',
    },
    {
      id: 'order',
      title: { en: 'In which order?', zh: '按什么次序排列？' },
      set: { grid: 'apart', view: 'patch', p: 16 },
      focus: 'panel',
      lit: 'patches',
    },
    {
      id: 'project',
      title: { en: 'From a row to a token', zh: '从一行到一个词元' },
      set: { grid: 'apart', view: 'dot', p: 16 },
      focus: 'panel',
      lit: 'patch_embed',
    },
    {
      id: 'class-token',
      title: { en: 'One row more', zh: '增加一行：分类词元' },
      set: { grid: 'apart', view: 'dot', p: 16 },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'cost',
      title: { en: 'What a smaller patch costs', zh: '小图像块的开销' },
      set: { grid: 'apart', view: 'cost', p: 8 },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'answer',
      title: { en: 'What the size does to the answer', zh: '图像块边长对答案的影响' },
      set: { grid: 'apart', view: 'answer', p: 16, force: false },
      focus: 'panel',
      lit: 'logits',
    },
    {
      id: 'sizes',
      title: { en: 'The same cut in larger models', zh: '更大的模型，同样的切分方法' },
      set: { grid: 'apart', view: 'sizes', p: 16 },
      focus: 'panel',
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '本课小结' },
      set: { grid: 'rows', view: 'answer', p: 16 },
      focus: 'picture',
      lit: 'tokens',
    },
  ],
  terms: [
    'patch',
    'token',
    'embedding',
    'projection',
    'class-token',
    'attention',
    'channel',
    'stride',
    'normalisation',
    'mac',
  ],
  cells: () => import('./cells.ts'),
  references: ['dosovitskiy2021', 'vaswani2017', 'beyer2023', 'carion2020'],
});
