import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

const OPENS = { seed: 3, objects: undefined, pic: 'forest', sure: 0.5 } as const;

export default defineLesson({
  ...title,
  lead: {
    en: 'A classifier gives one answer to a picture. Here a picture holds several objects, and a transformer answers with a set: you move the objects, and watch queries find them.',
    zh: '分类器对一张图片只给出一个答案。这一课的图片里有好几个物体，Transformer 的答案是一个集合：你来移动物体，看查询怎样找到它们。',
  },
  objectives: [
    {
      en: 'turn the four numbers of a query into a box in pixels',
      zh: '把一个查询给出的四个数换算成以像素为单位的边界框',
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
  steps: [
    {
      id: 'scene',
      title: { en: 'A picture with several answers', zh: '一张图片，几个答案' },
      set: { view: 'scene', ...OPENS },
      focus: 'picture',
      lit: 'probs',
    },
  ],
  terms: [],
  references: ['carion2020'],
});
