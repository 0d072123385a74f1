import { defineLesson } from '#lib/notebook/types.ts';
import { DEPTH } from '#lib/notebook/classifier-sizes.ts';
import { tensorOfBlock } from './block-tensors.ts';
import { state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'A vision transformer is one block, repeated. Here you take that block apart along its own graph, follow one token through it, and switch blocks off to see what they were for.',
    zh: '视觉 Transformer 由同一种层（block）重复多次组成。这一课按照计算图分解其中的一层，跟踪一个词元经过的全过程，再逐层关闭，观察每一层的作用。',
  },
  objectives: [
    {
      en: 'draw a transformer block from memory, with both residual paths and the place of each LayerNorm',
      zh: '凭记忆画出一个 Transformer 层：两条残差通路，以及每个层归一化的位置',
    },
    {
      en: 'predict the shape of every tensor in a block, for any size',
      zh: '对任意规模，写出一层中每个张量的形状',
    },
    {
      en: 'work out a LayerNorm by hand, and say what γ, β and ε are for',
      zh: '手算一次层归一化，并说明 γ、β 和 ε 各起什么作用',
    },
    {
      en: 'say where a block keeps its parameters and where it spends its multiply-adds',
      zh: '说出一层的参数在哪里，乘加用在哪里',
    },
    {
      en: 'say why a model still answers when a block is left out',
      zh: '说明为什么缺少一层时，模型仍能给出答案',
    },
  ],
  models: ['vit-flexi'],
  state,
  views: {
    block: {
      label: { en: 'Block', zh: '层' },
      panel: () => import('./panels/DiagramPanel.svelte'),
    },
    work: {
      label: { en: 'Cost', zh: '开销' },
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
      label: { en: 'Skip', zh: '去掉' },
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
      title: { en: 'One block, drawn from its graph', zh: '由计算图画出一层' },
      set: { view: 'block', follow: false, p: 16, b: 5 },
      focus: 'panel',
      lit: ({ b }) => tensorOfBlock(b, 'in'),
    },
    {
      id: 'halves',
      title: { en: 'Mix, then think', zh: '先交换信息，再各自处理' },
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
      title: { en: 'Follow one token', zh: '跟踪一个词元' },
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
      title: { en: 'A bend in the line', zh: '非线性激活：GELU' },
      set: { view: 'gelu', who: 'all' },
      focus: 'panel',
      lit: ({ b }) => tensorOfBlock(b, 'mlp.gelu'),
    },
    {
      id: 'work',
      title: { en: 'Where the parameters live', zh: '参数在哪里' },
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
      title: { en: 'Leave a block out', zh: '去掉一层' },
      set: { view: 'skip', p: 16, off: 1 << 0 },
      focus: 'panel',
    },
    {
      id: 'order',
      title: { en: 'Norm before, or norm after', zh: '层归一化在前，还是在后' },
      set: { view: 'order', order: 'post' },
      focus: 'panel',
    },
    {
      id: 'maps',
      title: { en: 'The object appears', zh: '物体的区域逐渐显现' },
      set: { view: 'maps', basis: 'own', d: DEPTH },
      focus: 'panel',
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '本课小结' },
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
    'principal-component',
    'cosine',
    'mac',
  ],
  cells: () => import('./cells.ts'),
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
  borrows: ['01-patches', '02-tokens', '03-attention'],
});
