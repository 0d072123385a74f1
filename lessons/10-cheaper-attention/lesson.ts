import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

const lit = ({ l }: { readonly l: number }) => `blocks.${l}.attn.q`;

export default defineLesson({
  ...title,
  lead: {
    en: 'Every token asks every token, and the bill grows with the square of their number. Here the same queries, keys and values of the running model are attended to in other ways: within windows, within shifted windows, without softmax, and in some windows alone. For each you see what it saves and what it gives up.',
    zh: '每个词元都要看所有词元，开销随词元数的平方增长。这一课用运行中模型的同一组查询、键和值，换几种方式计算注意力：只在窗口内看、在移位窗口内看、不用 softmax、只算一部分窗口，然后比较每种方式省下了什么，又放弃了什么。',
  },
  objectives: [
    {
      en: 'compute what attention over all tokens, within windows, and without softmax cost, and say why two of them grow with N and one with N²',
      zh: '算出全局注意力、窗口注意力和线性注意力各需要多少运算，并说明为什么其中一种随 N² 增长，另外两种随 N 增长',
    },
    {
      en: 'follow a shifted window through roll, cut, mask and back, and say what the −100 is for',
      zh: '说出移位窗口的移位、切分、掩码、还原四步，并说明 −100 的作用',
    },
    {
      en: 'multiply linear attention in both orders, and say what it can no longer do',
      zh: '用两种顺序计算线性注意力，并说出它做不到什么',
    },
    {
      en: 'say what EfficientViT adds to linear attention, and what that costs',
      zh: '说出 EfficientViT 在线性注意力之外加了什么，开销是多少',
    },
    {
      en: 'say which windows SparseViT leaves out, and why that saves time',
      zh: '说出 SparseViT 去掉哪些窗口，以及为什么这样能省时间',
    },
    {
      en: 'say what measurements of twins with few seeds allow to conclude, and read a Pareto front',
      zh: '说出种子很少的对照实验能得出什么结论，并能读懂帕累托前沿',
    },
  ],
  models: ['vit-flexi'],
  state,
  views: {
    bill: { label: { en: 'Bill', zh: '开销' }, panel: () => import('./panels/BillPanel.svelte') },
    look: { label: { en: 'Four ways', zh: '四种方式' }, panel: () => import('./panels/LookPanel.svelte') },
    roll: { label: { en: 'Shift', zh: '移位' }, panel: () => import('./panels/RollPanel.svelte') },
    order: { label: { en: 'Two orders', zh: '两种顺序' }, panel: () => import('./panels/OrderPanel.svelte') },
    sharp: { label: { en: 'Sharpness', zh: '集中程度' }, panel: () => import('./panels/SharpPanel.svelte') },
    scales: {
      label: { en: 'Two scales', zh: '两个尺度' },
      panel: () => import('./panels/ScalesPanel.svelte'),
    },
    prune: {
      label: { en: 'Fewer windows', zh: '少算窗口' },
      panel: () => import('./panels/PrunePanel.svelte'),
    },
    clock: { label: { en: 'Clock', zh: '计时' }, panel: () => import('./panels/ClockPanel.svelte') },
    twins: {
      label: { en: 'Twins', zh: '对照网络' },
      panel: () => import('./panels/TwinsPanel.svelte'),
      wide: true,
    },
    search: {
      label: { en: 'Search', zh: '搜索' },
      panel: () => import('./panels/SearchPanel.svelte'),
      wide: true,
    },
  },
  steps: [
    { id: 'bill', title: { en: 'The bill', zh: '开销' }, set: { view: 'bill', p: 8 }, focus: 'panel', lit },
    {
      id: 'windows',
      title: { en: 'Look at your own window', zh: '只看自己的窗口' },
      set: { view: 'look', kind: 'window', over: 'row', m: 7 },
      focus: 'picture',
      lit,
    },
    {
      id: 'border',
      title: { en: 'A border through the dog', zh: '从狗身上穿过的边界' },
      set: { view: 'look', kind: 'shifted-window', over: 'row', m: 7 },
      focus: 'picture',
      lit,
    },
    {
      id: 'roll',
      title: { en: 'Shift without paying', zh: '不增加开销的移位' },
      set: { view: 'roll', step: 'mask', m: 7 },
      focus: 'panel',
      lit,
    },
    {
      id: 'order',
      title: { en: 'The other order', zh: '换一种相乘的顺序' },
      set: { view: 'order' },
      focus: 'panel',
      lit,
    },
    {
      id: 'sharp',
      title: { en: 'What ReLU cannot do', zh: 'ReLU 做不到的事' },
      set: { view: 'sharp', by: 4 },
      focus: 'panel',
      lit,
    },
    {
      id: 'scales',
      title: { en: 'Near, and at two scales', zh: '近处的内容与两个尺度' },
      set: { view: 'scales', kind: 'linear', side: '64' },
      focus: 'panel',
      lit,
    },
    {
      id: 'prune',
      title: { en: 'Only where something is', zh: '只算有内容的窗口' },
      set: { view: 'prune', r: 0.5, m: 4 },
      focus: 'panel',
      lit,
    },
    {
      id: 'clock',
      title: { en: 'By the clock', zh: '实际测量时间' },
      set: { view: 'clock' },
      focus: 'panel',
      lit,
    },
    {
      id: 'twins',
      title: { en: 'Trained as twins', zh: '训练条件相同的网络' },
      set: { view: 'twins', twin: 'answers', side: '64' },
      focus: 'panel',
      lit,
    },
    {
      id: 'no-shift',
      title: { en: 'Without the shift', zh: '没有移位' },
      set: { view: 'twins', twin: 'border', side: '64', roll: 16 },
      focus: 'panel',
      lit,
    },
    {
      id: 'search',
      title: { en: 'How much, and where', zh: '在哪里去掉，去掉多少' },
      set: { view: 'search', r0: 0.3, r1: 0.3, budget: 0.6, tries: 8 },
      focus: 'panel',
      lit,
    },
  ],
  terms: ['window', 'shift-mask', 'linear-attention', 'depthwise', 'entropy', 'mac', 'pareto'],
  cells: () => import('./cells.ts'),
  references: ['liu2021', 'cai2023', 'katharopoulos2020', 'chen2023'],
  borrows: ['01-patches', '03-attention'],
});
