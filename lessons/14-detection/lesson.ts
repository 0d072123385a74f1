import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

/** The last layer of the decoder. */
const LAST = state.fields.l.default;
const OPENS = { seed: 3, objects: undefined, pic: 'forest', sure: 0.5 } as const;

export default defineLesson({
  ...title,
  lead: {
    en: 'A classifier gives one answer to a picture. Here a picture holds several objects, and a transformer answers with a set: you move the objects about, follow how queries find them, pair answers with objects by hand, and take from the network what keeps it from finding things twice.',
    zh: '分类器对一张图片只给出一个答案。这一课的图片里有好几个物体，Transformer 的答案是一个集合。你可以移动物体，观察查询怎样找到它们，动手把答案与物体配对，再去掉网络中防止重复作答的部分。',
  },
  objectives: [
    {
      en: 'turn the four numbers of a query into a box in pixels',
      zh: '把一个查询给出的四个数换算成以像素为单位的边界框',
    },
    {
      en: 'compute IoU and GIoU of two boxes, and from them what it costs that a query stands for an object',
      zh: '计算两个框的交并比和广义交并比，并由此得出一个查询对应一个物体的成本',
    },
    {
      en: 'find the pairs of least total cost in a small table, and say why the cheapest pair first can be wrong',
      zh: '在小的表格里找出总成本最小的配对，并说明为什么先取成本最低的一对可能出错',
    },
    {
      en: 'say what keeps queries from finding an object twice, and what suppression does where that is missing',
      zh: '说明是什么让查询不重复找到同一个物体，以及缺少它时非极大值抑制做了什么',
    },
    {
      en: 'predict what a detector answers with fewer queries, with equal ones, or without positions',
      zh: '预测减少查询、让查询相同，或去掉位置编码时，检测网络会怎样回答',
    },
    {
      en: 'tell from shapes and places of the positions whether a network is a ViT, a DETR or a YOLOS',
      zh: '根据形状和位置编码所在的地方，判断一个网络是 ViT、DETR 还是 YOLOS',
    },
  ],
  models: ['detr-cnn', 'detr-patches'],
  state,
  views: {
    scene: { label: { en: 'Scene', zh: '场景' }, panel: () => import('./panels/ScenePanel.svelte') },
    queries: { label: { en: 'Queries', zh: '查询' }, panel: () => import('./panels/QueriesPanel.svelte') },
    boxes: { label: { en: 'Boxes', zh: '边界框' }, panel: () => import('./panels/BoxesPanel.svelte') },
    match: { label: { en: 'Matching', zh: '匹配' }, panel: () => import('./panels/MatchPanel.svelte') },
    twice: {
      label: { en: 'Found twice', zh: '重复检测' },
      panel: () => import('./panels/TwicePanel.svelte'),
    },
    break: { label: { en: 'Break', zh: '改动' }, panel: () => import('./panels/BreakPanel.svelte') },
    table: {
      label: { en: 'ViT or DETR', zh: 'ViT 与 DETR' },
      panel: () => import('./panels/TablePanel.svelte'),
      wide: true,
    },
  },
  cells: () => import('./cells.ts'),
  steps: [
    {
      id: 'scene',
      title: { en: 'A picture with several answers', zh: '一张图片，几个答案' },
      set: { view: 'scene', ...OPENS },
      focus: 'picture',
      lit: 'probs',
    },
    {
      id: 'score',
      title: { en: 'How good is it?', zh: '它有多准？' },
      set: { view: 'scene' },
      focus: 'panel',
      lit: 'boxes',
    },
    {
      id: 'tokens',
      title: { en: 'Tokens that are feature pixels', zh: '特征图的像素作词元' },
      set: { view: 'queries', look: 'steps' },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'queries',
      title: { en: 'Queries that ask the picture', zh: '向图片提问的查询' },
      set: { view: 'queries', look: 'cross', ...OPENS },
      focus: 'panel',
      lit: `transformer.decoder.norm.${LAST}`,
    },
    {
      id: 'among',
      title: { en: 'Queries see one another', zh: '查询之间相互注意' },
      set: { view: 'queries', look: 'self' },
      focus: 'panel',
      lit: `transformer.decoder.norm.${LAST}`,
    },
    {
      id: 'boxes',
      title: { en: 'Four numbers are a box', zh: '四个数就是一个框' },
      set: { view: 'boxes', part: 'decode', ...OPENS },
      focus: 'panel',
      lit: 'boxes',
    },
    {
      id: 'encoder',
      title: { en: 'What a token has seen before', zh: '词元事先看到了什么' },
      set: { view: 'boxes', part: 'encoder' },
      focus: 'panel',
      lit: 'memory',
    },
    {
      id: 'match',
      title: { en: 'Who should have answered what?', zh: '哪个查询该回答哪个物体？' },
      set: { view: 'match', match: 'costs', l: LAST, ...OPENS },
      focus: 'panel',
      lit: 'boxes',
    },
    {
      id: 'method',
      title: { en: 'The Hungarian method', zh: '匈牙利算法' },
      set: { view: 'match', match: 'steps', ms: 0 },
      focus: 'panel',
      lit: 'boxes',
    },
    {
      id: 'loss',
      title: { en: 'The loss, by hand', zh: '手算损失' },
      set: { view: 'match', match: 'loss' },
      focus: 'panel',
      lit: 'probs',
    },
    {
      id: 'twice',
      title: { en: 'Break: queries alone', zh: '改动一：查询互不相见' },
      set: { view: 'twice', nms: 'off', ...OPENS },
      focus: 'panel',
      lit: 'boxes',
    },
    {
      id: 'fewer',
      title: { en: 'Break: fewer queries than objects', zh: '改动二：查询比物体少' },
      set: { view: 'break', change: 'fewer', kept: 2, ...OPENS },
      focus: 'panel',
      lit: 'probs',
    },
    {
      id: 'equal',
      title: { en: 'Break: all queries equal', zh: '改动三：查询全都相同' },
      set: { view: 'break', change: 'equal', ...OPENS },
      focus: 'panel',
      lit: 'probs',
    },
    {
      id: 'places',
      title: { en: 'Break: no positions', zh: '改动四：没有位置编码' },
      set: { view: 'break', change: 'positions', ...OPENS },
      focus: 'panel',
      lit: 'memory',
    },
    {
      id: 'table',
      title: { en: 'ViT and DETR, row by row', zh: '逐行比较 ViT 与 DETR' },
      set: { view: 'table', sheet: 'compare' },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'stems',
      title: { en: 'Two claims about CNNs', zh: '关于 CNN 的两种说法' },
      set: { view: 'table', sheet: 'stems' },
      focus: 'panel',
      lit: 'tokens',
    },
  ],
  terms: [
    'object-query',
    'box',
    'feature-pixel',
    'memory',
    'cross-attention',
    'post-norm',
    'iou',
    'giou',
    'average-precision',
    'matching',
    'hungarian',
    'auxiliary-loss',
    'nms',
  ],
  references: [
    'carion2020',
    'rezatofighi2019',
    'kuhn1955',
    'munkres1957',
    'fang2021',
    'chen2022',
    'zong2023',
    'he2016',
    'dosovitskiy2021',
  ],
});
