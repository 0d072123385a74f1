import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import { STATION_TENSORS, type Station } from './stations.ts';
import title from './title.ts';

const litAt = ({ step }: { readonly step: Station }) => STATION_TENSORS[step].text;

export default defineLesson({
  ...title,
  lead: {
    en: 'One network turns pictures into directions, another turns words into directions of the same space, and both were trained on one demand: what belongs together shall point the same way. Here you type in either language and pictures answer, take the demand apart number by number, and find out what such a space knows and what it cannot know.',
    zh: '一个网络把图片变成方向，另一个网络把文字变成同一空间里的方向。训练只提出一个要求：配对的图文指向相同的方向。这一课里，你可以用两种语言输入文字来查找图片，逐个数字地计算这个要求，并弄清这样的空间能够知道什么、又不可能知道什么。',
  },
  objectives: [
    {
      en: 'follow a picture and a text through their towers to one cosine, and give every shape on the way',
      zh: '说出一张图片和一段文本怎样经过各自的塔得到一个余弦相似度，以及每一步的形状',
    },
    {
      en: 'compute the symmetric contrastive loss of a 4 × 4 matrix by hand, and say what the temperature changes',
      zh: '手算 4 × 4 矩阵的对称对比损失，并说明温度改变了什么',
    },
    {
      en: 'classify a picture with labels of your own, and say why averaged prompts help',
      zh: '用自己写的标签给图片分类，并说明提示词取平均为什么有帮助',
    },
    {
      en: 'say why one-hot labels cannot express that a goat is more like a sheep than like a bus, and vectors of words can',
      zh: '说明为什么独热标签无法表示山羊更像绵羊而不像公共汽车，而文字的向量可以',
    },
    {
      en: 'predict where such a space fails, and what becomes of contrast without negatives',
      zh: '预测这样的空间会在哪里失败，以及去掉负样本后对比学习会怎样',
    },
  ],
  models: ['clip'],
  state,
  views: {
    find: { label: { en: 'Find', zh: '查找' }, panel: () => import('./panels/FindPanel.svelte'), wide: true },
    towers: { label: { en: 'Towers', zh: '双塔' }, panel: () => import('./panels/TowersPanel.svelte') },
    matrix: {
      label: { en: 'Matrix', zh: '相似度矩阵' },
      panel: () => import('./panels/MatrixPanel.svelte'),
      wide: true,
    },
    map: {
      label: { en: 'Map', zh: '概念地图' },
      panel: () => import('./panels/MapPanel.svelte'),
      wide: true,
    },
    zero: { label: { en: 'Labels', zh: '自定标签' }, panel: () => import('./panels/ZeroPanel.svelte') },
    angles: {
      label: { en: 'Angles', zh: '夹角' },
      panel: () => import('./panels/AnglesPanel.svelte'),
      wide: true,
    },
    fails: {
      label: { en: 'Limits', zh: '局限' },
      panel: () => import('./panels/FailsPanel.svelte'),
      wide: true,
    },
    break: {
      label: { en: 'Break', zh: '改动' },
      panel: () => import('./panels/BreakPanel.svelte'),
      wide: true,
    },
    views: {
      label: { en: 'Views', zh: '两个视图' },
      panel: () => import('./panels/ViewsPanel.svelte'),
      wide: true,
    },
    collapse: {
      label: { en: 'Collapse', zh: '坍缩' },
      panel: () => import('./panels/CollapsePanel.svelte'),
      wide: true,
    },
    methods: {
      label: { en: 'Methods', zh: '五种方法' },
      panel: () => import('./panels/MethodsPanel.svelte'),
      wide: true,
    },
  },
  steps: [
    {
      id: 'find',
      title: { en: 'Type a word, pictures answer', zh: '输入文字，由图片回答' },
      set: { view: 'find', among: 'signs' },
      focus: 'panel',
      lit: 'text.embedding',
    },
    {
      id: 'towers',
      title: { en: 'Two towers, one space', zh: '两座塔，一个空间' },
      set: { view: 'towers', step: 'input' },
      focus: 'panel',
      lit: litAt,
    },
    {
      id: 'matrix',
      title: { en: 'Every picture against every word', zh: '每张图片对每段文字' },
      set: { view: 'matrix', show: 'cosine', scale: 0 },
      focus: 'panel',
      lit: 'logits',
    },
    {
      id: 'map',
      title: { en: 'A map of the concepts', zh: '概念地图' },
      set: { view: 'map' },
      focus: 'panel',
      lit: 'text.embedding',
    },
    {
      id: 'zero',
      title: { en: 'Labels of your own', zh: '使用自己的标签' },
      set: { view: 'zero', prompt: 'bare' },
      focus: 'panel',
      lit: 'logits',
    },
    {
      id: 'angles',
      title: { en: 'Labels stand at right angles, words do not', zh: '标签两两垂直，文字不是' },
      set: { view: 'angles', set: 'dogs' },
      focus: 'panel',
      lit: 'text.embedding',
    },
    {
      id: 'fails',
      title: { en: 'What the space cannot know', zh: '这个空间不可能知道的事' },
      set: { view: 'fails', twin: 'no' },
      focus: 'panel',
      lit: 'text.embedding',
    },
    {
      id: 'break-a',
      title: { en: 'Break: no temperature', zh: '改动一：去掉温度' },
      set: { view: 'break', change: 'scale' },
      focus: 'panel',
      lit: 'logits',
    },
    {
      id: 'break-b',
      title: { en: 'Break: read another token', zh: '改动二：换一个词元读取' },
      set: { view: 'break', change: 'end' },
      focus: 'panel',
      lit: 'text.pooled',
    },
    {
      id: 'break-c',
      title: { en: 'Break: patches out of order', zh: '改动三：打乱图像块' },
      set: { view: 'break', change: 'patches' },
      focus: 'panel',
      lit: 'visual.pooled',
    },
    {
      id: 'views',
      title: { en: 'Contrast without words', zh: '没有文字的对比' },
      set: { view: 'views', crop: 0.25, colour: 0.4, tau: 0.5, row: 0 },
      focus: 'panel',
      lit: 'visual.embedding',
    },
    {
      id: 'collapse',
      title: { en: 'Without negatives, everything is one', zh: '没有负样本，一切都变得相同' },
      set: { view: 'collapse', way: 'positives' },
      focus: 'panel',
      lit: 'visual.embedding',
    },
    {
      id: 'methods',
      title: { en: 'Five ways to learn without labels', zh: '不靠标签学习的五种方法' },
      set: { view: 'methods' },
      focus: 'panel',
      lit: 'visual.embedding',
    },
  ],
  terms: [
    'embedding-space',
    'contrastive-loss',
    'temperature',
    'negative',
    'zero-shot',
    'one-hot',
    'bag-of-words',
    'view',
    'positive-pair',
    'collapse',
    'effective-rank',
  ],
  cells: () => import('./cells.ts'),
  references: [
    'radford2021',
    'liang2022',
    'thrush2022',
    'yuksekgonul2023',
    'chen2020',
    'he2020',
    'caron2021',
    'grill2020',
    'chen2021',
    'garrido2023',
    'he2022',
  ],
  borrows: ['01-patches', '02-tokens'],
});
