import { defineLesson } from '#lib/notebook/types.ts';
import type { StateOf } from '#lib/state/schema.ts';
import { state, type AttentionFields } from './state.ts';
import title from './title.ts';

/** The weights of the chosen layer, or the part of them that is computed by hand. */
function lit({ view, part, l }: StateOf<AttentionFields>): string {
  const byHand = { score: 'scores', softmax: 'probs', mix: 'out' }[part];
  return `blocks.${l}.attn.${view === 'cell' ? byHand : 'probs'}`;
}

/** Head 0 of the last layer (masks.ts): the one head without which the first picture gets another answer. */
const LAST_HEAD = '000000004';
/** The dog’s face on the first picture: rows 2 to 9, columns 3 to 11 of 14 (masks.ts). */
const FACE = '14-00000001ff07fc1ff07fc1ff07fc1ff07fc';

export default defineLesson({
  ...title,
  lead: {
    en: 'In every layer each token asks all others a question and takes home a mixture of their answers. Here you see every question of one picture at once, compute one of them by hand, and take the model apart to learn which of them count.',
    zh: '在每一层里，每个词元都向所有词元提问，再把它们的回答按比例混合。在这一课里，你会同时看到一张图片的所有提问，手算其中的一个，再逐一去掉模型的一些部分，检验哪些提问真正重要。',
  },
  objectives: [
    {
      en: 'read a row, a column and a cell of an attention table, and say what its rows sum to',
      zh: '读懂注意力表中的一行、一列和一个单元，说出每一行之和是多少',
    },
    {
      en: 'compute one score, one softmax and one mixture by hand from q, k and v',
      zh: '用 q、k、v 手算一个分数、一次 softmax 和一次混合',
    },
    {
      en: 'compare heads by entropy, distance and overlap, and say what each of the three measures',
      zh: '用熵、距离和重合度比较各个头，并说明这三个量各度量什么',
    },
    {
      en: 'tell raw attention, rollout and value-weighted attention apart, and say why none of them is yet an explanation',
      zh: '区分原始注意力、注意力展开（rollout）和按值加权的注意力，并说明为什么它们都不能作为解释',
    },
    {
      en: 'test what a head or a patch is worth by taking it out, and predict what the pairs cost',
      zh: '去掉一个头或一个图像块，检验它的重要性；并能算出词元对的开销',
    },
  ],
  models: ['vit-flexi'],
  state,
  views: {
    heads: {
      label: { en: 'Heads', zh: '所有头' },
      panel: () => import('./panels/HeadsPanel.svelte'),
    },
    matrix: {
      label: { en: 'Table', zh: '表格' },
      panel: () => import('./panels/MatrixPanel.svelte'),
    },
    cell: {
      label: { en: 'One cell', zh: '一个单元' },
      panel: () => import('./panels/CellPanel.svelte'),
    },
    far: {
      label: { en: 'Distance', zh: '距离' },
      panel: () => import('./panels/FarPanel.svelte'),
    },
    compare: {
      label: { en: 'Compare', zh: '比较' },
      panel: () => import('./panels/ComparePanel.svelte'),
    },
    break: {
      label: { en: 'Break it', zh: '去掉' },
      panel: () => import('./panels/BreakPanel.svelte'),
    },
    cost: {
      label: { en: 'Cost', zh: '开销' },
      panel: () => import('./panels/CostPanel.svelte'),
    },
  },
  steps: [
    {
      id: 'ask',
      title: { en: 'A token asks all tokens', zh: '一个词元向所有词元提问' },
      set: { view: 'heads', sort: 'layer', p: 16, cls: false, l: 9, h: 1, curve: 'linear', range: 'all' },
      focus: 'picture',
      lit: lit,
    },
    {
      id: 'cls',
      title: { en: 'The token that will answer', zh: '给出答案的词元' },
      set: { view: 'heads', sort: 'layer', cls: true, l: 11, h: 0 },
      focus: 'picture',
      lit: lit,
    },
    {
      id: 'table',
      title: { en: 'One row of a table', zh: '表中的一行' },
      set: { view: 'matrix', cls: false, l: 9, h: 1, p: 16 },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'score',
      title: { en: 'One cell by hand: the score', zh: '手算一个单元：分数' },
      set: { view: 'cell', part: 'score', p: 16 },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'softmax',
      title: { en: 'From scores to shares', zh: '从分数到份额' },
      set: { view: 'cell', part: 'softmax', tau: 1, p: 16 },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'mix',
      title: { en: 'What the token takes home', zh: '词元得到了什么' },
      set: { view: 'cell', part: 'mix', p: 16 },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'heads',
      title: { en: 'Every head asks something else', zh: '每个头的问题都不同' },
      set: { view: 'heads', sort: 'entropy', p: 16, cls: false, l: 9, h: 1, curve: 'linear', range: 'all' },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'far',
      title: { en: 'How far does a head look?', zh: '一个头看得多远？' },
      set: { view: 'far', p: 16 },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'rollout',
      title: { en: 'Through all layers: rollout', zh: '跨越各层：注意力展开（rollout）' },
      set: { view: 'compare', how: 'rollout', cls: true, l: 11, p: 16 },
      focus: 'picture',
      lit: lit,
    },
    {
      id: 'norm',
      title: { en: 'A weight is not yet a message', zh: '权重大，不等于贡献大' },
      set: { view: 'compare', how: 'norm', cls: true, l: 11, p: 16 },
      focus: 'picture',
      lit: lit,
    },
    {
      id: 'difference',
      title: { en: 'One map minus another', zh: '两张图相减' },
      set: { view: 'compare', how: 'diff', cls: false, l: 9, h: 1, l2: 9, h2: 0, p: 16, p2: 16 },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'heads-off',
      title: { en: 'Take heads out', zh: '关闭注意力头' },
      set: { view: 'break', cut: 'heads', cls: true, l: 11, h: 0, off: LAST_HEAD, p: 16 },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'patches-off',
      title: { en: 'Take patches out', zh: '去掉图像块' },
      set: { view: 'break', cut: 'patches', cls: true, l: 11, mask: FACE, p: 16 },
      focus: 'picture',
      lit: lit,
    },
    {
      id: 'occlusion',
      title: { en: 'One patch at a time', zh: '每次去掉一个图像块' },
      set: { view: 'break', cut: 'occlude', cls: true, p: 16 },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'cost',
      title: { en: 'What all these pairs cost', zh: '这么多词元对的开销' },
      set: { view: 'cost', p: 16, size: 'ti' },
      focus: 'panel',
      lit: lit,
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '本课小结' },
      set: { view: 'heads', sort: 'layer', cls: false, l: 9, h: 1, p: 16 },
      focus: 'picture',
      lit: lit,
    },
  ],
  terms: [
    'attention',
    'head',
    'query',
    'key',
    'value',
    'score',
    'softmax',
    'temperature',
    'entropy',
    'attention-distance',
    'overlap',
    'rollout',
    'value-norm',
    'occlusion',
    'class-token',
    'token',
  ],
  cells: () => import('./cells.ts'),
  references: [
    'vaswani2017',
    'dosovitskiy2021',
    'abnar2020',
    'kobayashi2020',
    'jain2019',
    'wiegreffe2019',
    'michel2019',
    'zeiler2014',
    'beyer2023',
  ],
  borrows: ['01-patches'],
});
