import { defineLesson } from '#lib/notebook/types.ts';
import { DEPTH } from '#lib/notebook/classifier-sizes.ts';
import { state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'Twelve blocks have worked on 197 tokens. The answer is read from one of them. Here you follow the reading, ask which patches and which blocks it owes the answer to, and set the whole network beside its relatives.',
    zh: '十二层处理了 197 个词元，而答案只从其中一个读出。这一课先讲解怎样读出答案，再讨论答案来自哪些图像块和哪些层，最后把整个网络与相关模型作比较。',
  },
  objectives: [
    {
      en: 'follow the answer from the last block to a probability, and compute one logit by hand',
      zh: '从最后一层的输出推导到概率，并手算一个 logit',
    },
    {
      en: 'say what the logit lens shows, and what it does not',
      zh: '说明 logit 透镜能显示什么，不能显示什么',
    },
    {
      en: '(optional) split a logit into what each attention and each MLP wrote',
      zh: '（选读）把一个 logit 分解为每个注意力和每个 MLP 的贡献',
    },
    {
      en: 'build a vision transformer of any size on paper: shapes, parameters, multiply-adds, illegal choices',
      zh: '在纸上设计任意规模的视觉 Transformer：形状、参数、乘加次数，以及哪些选择不可行',
    },
    {
      en: 'say how a ViT differs from a CNN, from BERT and from DETR',
      zh: '说出 ViT 与 CNN、BERT、DETR 各有什么不同',
    },
  ],
  models: ['vit-flexi'],
  state,
  views: {
    path: {
      label: { en: 'Path', zh: '路径' },
      panel: () => import('./panels/PathPanel.svelte'),
    },
    logit: {
      label: { en: 'Logit', zh: 'logit' },
      panel: () => import('./panels/LogitPanel.svelte'),
    },
    soft: {
      label: { en: 'Softmax', zh: 'softmax' },
      panel: () => import('./panels/SoftPanel.svelte'),
    },
    lens: {
      label: { en: 'Lens', zh: '透镜' },
      panel: () => import('./panels/LensPanel.svelte'),
    },
    map: {
      label: { en: 'Map', zh: '分布图' },
      panel: () => import('./panels/MapPanel.svelte'),
    },
    wrote: {
      label: { en: 'Writers', zh: '各分支' },
      panel: () => import('./panels/WrotePanel.svelte'),
    },
    cut: {
      label: { en: 'Cut', zh: '截断' },
      panel: () => import('./panels/CutPanel.svelte'),
    },
    sizes: {
      label: { en: 'Sizes', zh: '规模' },
      panel: () => import('./panels/SizesView.svelte'),
      wide: true,
    },
    cnn: {
      label: { en: 'CNN', zh: 'CNN' },
      panel: () => import('./panels/ConvView.svelte'),
      wide: true,
    },
    pyramid: {
      label: { en: 'Pyramid', zh: '金字塔' },
      panel: () => import('./panels/PyramidPanel.svelte'),
      wide: true,
    },
    kin: {
      label: { en: 'Relatives', zh: '相关模型' },
      panel: () => import('./panels/KinView.svelte'),
      wide: true,
    },
    data: {
      label: { en: 'Data', zh: '数据' },
      panel: () => import('./panels/DataView.svelte'),
      wide: true,
    },
  },
  steps: [
    {
      id: 'read',
      title: { en: 'One row is read', zh: '只读一行' },
      set: { view: 'path', p: 16, d: 12, k: -1 },
      focus: 'panel',
      lit: 'norm',
    },
    {
      id: 'score',
      title: { en: 'One dot product per class', zh: '一个类别，一次点积' },
      set: { view: 'logit', p: 16, k: -1 },
      focus: 'panel',
      lit: 'logits',
    },
    {
      id: 'chance',
      title: { en: 'From scores to shares', zh: '从分数到份额' },
      set: { view: 'soft', p: 16, tau: 1 },
      focus: 'panel',
      lit: 'probs',
    },
    {
      id: 'lens',
      title: { en: 'Read too early', zh: '在中途读取' },
      set: { view: 'lens', p: 16, d: 6, k: -1, tok: 'cls', y: 'prob' },
      focus: 'panel',
      lit: `blocks.${DEPTH - 1}`,
    },
    {
      id: 'patches',
      title: { en: 'Ask every patch', zh: '让每一个图像块给出答案' },
      optional: true,
      set: { view: 'map', p: 16, d: 12, k: -1, map: 'winner' },
      focus: 'picture',
      lit: `blocks.${DEPTH - 1}`,
    },
    {
      id: 'wrote',
      title: { en: 'Who wrote the answer?', zh: '答案由哪些部分得出？' },
      optional: true,
      set: { view: 'wrote', p: 16, k: -1, vs: 'none' },
      focus: 'panel',
      lit: 'logits',
    },
    {
      id: 'cut',
      title: { en: 'Take blocks away', zh: '截去末层' },
      set: { view: 'cut', p: 16, skip: 1 << (DEPTH - 1) },
      focus: 'panel',
      lit: 'probs',
    },
    {
      id: 'sizes',
      title: { en: 'Ti, S, B, L, H and yours', zh: 'Ti、S、B、L、H，以及自己的设计' },
      set: { view: 'sizes', bD: 768, bL: 12, bh: 12, bm: 4, bp: 16, bi: 224 },
      focus: 'panel',
    },
    {
      id: 'cnn',
      title: { en: 'Beside a CNN', zh: '与 CNN 相比' },
      set: { view: 'cnn', p: 16, n: 3, half: '0', l: 0, h: -1 },
      focus: 'panel',
    },
    {
      id: 'pyramid',
      title: { en: 'A pyramid beside a grid', zh: '金字塔结构与不变的网格' },
      optional: true,
      set: { view: 'pyramid', p: 16 },
      focus: 'panel',
    },
    {
      id: 'bert',
      title: { en: 'Beside BERT', zh: '与 BERT 相比' },
      set: { view: 'kin' },
      focus: 'panel',
    },
    {
      id: 'detr',
      title: { en: 'Beside DETR', zh: '与 DETR 相比' },
      set: { view: 'kin' },
      focus: 'panel',
    },
    {
      id: 'data',
      title: { en: 'How many pictures does it need?', zh: '它需要多少图片？' },
      set: { view: 'data', p: 16 },
      focus: 'panel',
    },
    {
      id: 'quiz',
      title: { en: 'Ten questions', zh: '十道题' },
      set: { view: 'sizes' },
      focus: 'panel',
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '本课小结' },
      set: { view: 'path', p: 16 },
      focus: 'panel',
      lit: 'probs',
    },
  ],
  terms: [
    'class-token',
    'final-norm',
    'head-linear',
    'logit',
    'softmax',
    'temperature',
    'logit-lens',
    'attribution',
    'residual-stream',
    'receptive-field',
    'feature-map',
    'attention-distance',
    'encoder-decoder',
    'inductive-bias',
    'mac',
  ],
  cells: () => import('./cells.ts'),
  references: [
    'dosovitskiy2021',
    'vilas2023',
    'belrose2023',
    'gandelsman2024',
    'raghu2021',
    'luo2016',
    'devlin2019',
    'carion2020',
    'touvron2021',
    'touvron2022',
    'beyer2022',
    'lee2021',
  ],
  borrows: ['01-patches', '03-attention', '04-block'],
});
