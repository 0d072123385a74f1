import { defineLesson } from '#lib/notebook/types.ts';
import { DEPTH } from '#lib/notebook/classifier-sizes.ts';
import { tensorOfBlock } from './block-tensors.ts';
import { state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'A vision transformer is one block, repeated. Here you take that block apart along its own graph, follow one token through it, and switch blocks off to see what they were for.',
    zh: '视觉 Transformer 就是同一种块一再重复。这一课里，你要沿着它自己的计算图把一个块拆开，跟着一个词元走完全程，再把块一个个关掉，看看它们各有什么用。',
  },
  objectives: [
    {
      en: 'draw a transformer block from memory, with both residual paths and the place of each LayerNorm',
      zh: '凭记忆画出一个 Transformer 块：两条残差通路，以及每个层归一化的位置',
    },
    {
      en: 'predict the shape of every tensor in a block, for any size',
      zh: '对任意规模，预测块里每个张量的形状',
    },
    {
      en: 'work out a LayerNorm by hand, and say what γ, β and ε are for',
      zh: '手算一次层归一化，并说清 γ、β、ε 各起什么作用',
    },
    {
      en: 'say where a block keeps its parameters and where it spends its multiply-adds',
      zh: '说出一个块的参数放在哪里，乘加花在哪里',
    },
    {
      en: 'say why a model still answers when a block is left out',
      zh: '说清楚为什么少了一个块，模型照样能作答',
    },
  ],
  models: ['vit-flexi'],
  state,
  views: {
    block: {
      label: { en: 'Block', zh: '块' },
      panel: () => import('./panels/DiagramPanel.svelte'),
    },
    work: {
      label: { en: 'Cost', zh: '代价' },
      panel: () => import('./panels/WorkPanel.svelte'),
      wide: true,
    },
    norm: {
      label: { en: 'LayerNorm', zh: '层归一化' },
      panel: () => import('./panels/NormPanel.svelte'),
    },
    gelu: {
      label: { en: 'GELU', zh: 'GELU' },
      panel: () => import('./panels/GeluPanel.svelte'),
    },
    depth: {
      label: { en: 'Stream', zh: '残差流' },
      panel: () => import('./panels/DepthPanel.svelte'),
    },
    skip: {
      label: { en: 'Skip', zh: '拿掉' },
      panel: () => import('./panels/SkipPanel.svelte'),
    },
    order: {
      label: { en: 'Order', zh: '顺序' },
      panel: () => import('./panels/OrderPanel.svelte'),
      wide: true,
    },
    maps: {
      label: { en: 'Maps', zh: '颜色图' },
      panel: () => import('./panels/MapsPanel.svelte'),
    },
  },
  steps: [
    {
      id: 'map',
      title: { en: 'One block, drawn from its graph', zh: '照计算图画出一个块' },
      set: { view: 'block', follow: false, p: 16, b: 5 },
      focus: 'panel',
      lit: ({ b }) => tensorOfBlock(b, 'in'),
    },
    {
      id: 'halves',
      title: { en: 'Mix, then think', zh: '先交流，再思考' },
      set: { view: 'block', follow: false },
      focus: 'panel',
      lit: ({ b }) => tensorOfBlock(b, 'attn.probs'),
    },
    {
      id: 'sums',
      title: { en: 'Two plus signs', zh: '两个加号' },
      set: { view: 'block', follow: false },
      focus: 'panel',
      lit: ({ b }) => tensorOfBlock(b, 'attn.residual'),
    },
    {
      id: 'token',
      title: { en: 'Follow one token', zh: '跟着一个词元走' },
      set: { view: 'block', follow: true, cls: false },
      focus: 'panel',
      lit: ({ b }) => tensorOfBlock(b, 'attn.qkv'),
    },
    {
      id: 'norm',
      title: { en: 'LayerNorm, by hand', zh: '手算层归一化' },
      set: { view: 'norm', ln: '1' },
      focus: 'panel',
      lit: ({ b }) => tensorOfBlock(b, 'norm1'),
    },
    {
      id: 'gelu',
      title: { en: 'A bend in the line', zh: '直线上的一个弯' },
      set: { view: 'gelu', who: 'all' },
      focus: 'panel',
      lit: ({ b }) => tensorOfBlock(b, 'mlp.gelu'),
    },
    {
      id: 'work',
      title: { en: 'Where the parameters live', zh: '参数放在哪里' },
      set: { view: 'work', size: 'b' },
      focus: 'panel',
    },
    {
      id: 'depth',
      title: { en: 'The stream grows', zh: '残差流的变化' },
      set: { view: 'depth' },
      focus: 'panel',
    },
    {
      id: 'skip',
      title: { en: 'Leave a block out', zh: '拿掉一个块' },
      set: { view: 'skip', off: 1 << 5 },
      focus: 'panel',
    },
    {
      id: 'order',
      title: { en: 'Norm before, or norm after', zh: '归一化放前面还是后面' },
      set: { view: 'order', order: 'post' },
      focus: 'panel',
    },
    {
      id: 'maps',
      title: { en: 'The object appears', zh: '物体浮现出来' },
      set: { view: 'maps', basis: 'own', d: DEPTH },
      focus: 'panel',
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '现在你手里有什么' },
      set: { view: 'block', follow: true },
      focus: 'panel',
      lit: ({ b }) => tensorOfBlock(b, ''),
    },
  ],
  terms: [
    'block',
    'residual-stream',
    'layernorm',
    'epsilon',
    'attention',
    'head',
    'mlp',
    'gelu',
    'hidden-layer',
    'pre-norm',
    'post-norm',
    'pca',
    'cosine',
    'mac',
  ],
  references: [
    'vaswani2017',
    'dosovitskiy2021',
    'he2016',
    'ba2016',
    'hendrycks2016',
    'xiong2020',
    'veit2016',
    'amir2021',
    'oquab2023',
  ],
  borrows: ['01-patches'],
});
