import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'A network that writes sentences chooses one word after another from a list. If a picture is turned into a short row of entries from a list, the same kind of network can write pictures. Here you look into such a list of 512 entries, watch three networks choose from it in three orders, and take each of them apart.',
    zh: '写句子的网络从一张词表里一个接一个地选词。如果能把图片变成一小串码本里的条目，同一类网络就能写出图片。这一课里，你会看到一个有 512 个码字的码本，观察三个网络按三种顺序从中选择，再逐一改动它们。',
  },
  objectives: [
    {
      en: 'find the nearest entry of a codebook for a vector by hand, and say what is lost',
      zh: '手算一个向量在码本里最近的码字，并说出损失了什么',
    },
    {
      en: 'compute how many bits a picture takes as codes, on one grid and on several',
      zh: '算出一张图片用码字表示需要多少比特（单一网格和多个网格）',
    },
    {
      en: 'say how an encoder can be trained through a choice that has no gradient',
      zh: '说明编码器怎样越过没有梯度的选择来训练',
    },
    {
      en: 'say for each of three orders in how many passes a picture is written, what is known in each pass, and whether keys and values can be kept',
      zh: '说出三种顺序各要计算几次、每次已知哪些码字、能否保存键和值',
    },
    {
      en: 'compute how many codes and passes a ladder of scales takes, and say what each scale is fed',
      zh: '算出多尺度网格共有多少码字、要计算几次，并说明每个尺度的输入是什么',
    },
    {
      en: 'say what codes leave over, and why a small network with a few steps of diffusion can give back part of it',
      zh: '说明码字留下了什么，以及为什么一个小网络用几步扩散就能补回一部分',
    },
  ],
  models: ['vq-f8', 'var-f8', 'raster-words', 'masked-words', 'scales-words', 'hart-words', 'clip'],
  state,
  views: {
    write: {
      label: { en: 'Write', zh: '书写' },
      panel: () => import('./panels/WritePanel.svelte'),
      wide: true,
    },
    nearest: {
      label: { en: 'Nearest code', zh: '最近的码字' },
      panel: () => import('./panels/NearestPanel.svelte'),
      wide: true,
    },
    book: {
      label: { en: 'Codebook', zh: '码本' },
      panel: () => import('./panels/BookPanel.svelte'),
      wide: true,
    },
    replace: {
      label: { en: 'Another code', zh: '换码字' },
      panel: () => import('./panels/ReplacePanel.svelte'),
      wide: true,
    },
    through: {
      label: { en: 'Gradient', zh: '梯度' },
      panel: () => import('./panels/ThroughPanel.svelte'),
      wide: true,
    },
    rate: {
      label: { en: 'Bits', zh: '比特' },
      panel: () => import('./panels/RatePanel.svelte'),
      wide: true,
    },
    pyramid: {
      label: { en: 'Scales', zh: '多尺度' },
      panel: () => import('./panels/PyramidPanel.svelte'),
      wide: true,
    },
    next: {
      label: { en: 'Next code', zh: '下一个码字' },
      panel: () => import('./panels/NextPanel.svelte'),
      wide: true,
    },
    cache: {
      label: { en: 'Cache', zh: '缓存' },
      panel: () => import('./panels/CachePanel.svelte'),
      wide: true,
    },
    edit: {
      label: { en: 'Edit', zh: '改写' },
      panel: () => import('./panels/EditPanel.svelte'),
      wide: true,
    },
    rounds: {
      label: { en: 'Rounds', zh: '分轮' },
      panel: () => import('./panels/RoundsPanel.svelte'),
      wide: true,
    },
    byscale: {
      label: { en: 'Scale by scale', zh: '逐尺度' },
      panel: () => import('./panels/ByScalePanel.svelte'),
      wide: true,
    },
    compare: {
      label: { en: 'Compared', zh: '比较' },
      panel: () => import('./panels/ComparePanel.svelte'),
      wide: true,
    },
    rest: {
      label: { en: 'The rest', zh: '残余' },
      panel: () => import('./panels/RestPanel.svelte'),
      wide: true,
    },
    break: {
      label: { en: 'Break', zh: '改动' },
      panel: () => import('./panels/BreakPanel.svelte'),
      wide: true,
    },
    table: {
      label: { en: 'Large models', zh: '大模型' },
      panel: () => import('./panels/TablePanel.svelte'),
      wide: true,
    },
  },
  steps: [
    {
      id: 'write',
      title: { en: 'Words are written as codes', zh: '把文字写成码字' },
      set: { view: 'write', net: 'raster', order: 'raster', k: -1 },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'nearest',
      title: { en: 'The nearest of 512 entries', zh: '512 个码字里最近的一个' },
      set: { view: 'nearest', net: 'vq', cell: 27, nth: 0 },
      focus: 'picture',
      lit: 'codes',
    },
    {
      id: 'book',
      title: { en: 'What stands in the codebook', zh: '码本里有什么' },
      set: { view: 'book', net: 'vq', sort: 'use' },
      focus: 'picture',
      lit: 'codes',
    },
    {
      id: 'replace',
      title: { en: 'One code for another', zh: '换掉一个码字' },
      set: { view: 'replace', net: 'vq', cell: 27, to: -1 },
      focus: 'picture',
      lit: 'z',
    },
    {
      id: 'through',
      title: { en: 'A choice has no gradient', zh: '选择没有梯度' },
      set: { view: 'through', net: 'vq', grad: 'through', made: 0 },
      focus: 'picture',
      lit: 'z',
    },
    {
      id: 'rate',
      title: { en: 'How many bytes is that?', zh: '这是多少字节？' },
      set: { view: 'rate', net: 'vq', q: 30 },
      focus: 'picture',
      lit: 'codes',
    },
    {
      id: 'pyramid',
      title: { en: 'From one code to 130', zh: '从 1 个码字到 130 个' },
      set: { view: 'pyramid', net: 'var', upto: 6 },
      focus: 'picture',
      lit: 'codes',
    },
    {
      id: 'next',
      title: { en: 'One code after another', zh: '一个接一个' },
      set: { view: 'next', net: 'raster', order: 'raster' },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'cache',
      title: { en: 'What need not be computed again', zh: '不必重算的部分' },
      set: { view: 'cache', net: 'raster', order: 'raster' },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'edit',
      title: { en: 'Change one, and go on', zh: '改一个，接着写' },
      set: { view: 'edit', net: 'raster', order: 'raster' },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'rounds',
      title: { en: 'Many at once, in rounds', zh: '一次多个，分轮写完' },
      set: { view: 'rounds', net: 'masked', order: 'masked', r: 8, choose: 'confidence', k: -1 },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'byscale',
      title: { en: 'From coarse to fine', zh: '由粗到细' },
      set: { view: 'byscale', net: 'scales', order: 'scales', scale: 3, k: -1 },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'compare',
      title: { en: 'Three orders beside each other', zh: '三种顺序放在一起' },
      set: { view: 'compare', net: 'raster', r: 8, pairs: 'held' },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'rest',
      title: { en: 'What codes leave over', zh: '码字留下的残余' },
      set: { view: 'rest', net: 'hart', order: 'scales', whose: 'written', rn: 8, k: -1 },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'no-mask',
      title: { en: 'Break: look ahead', zh: '改动一：偷看后面' },
      set: { view: 'break', cut: 'no-mask', net: 'raster', order: 'raster' },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'shuffled',
      title: { en: 'Break: another order', zh: '改动二：换一个顺序' },
      set: { view: 'break', cut: 'shuffled', net: 'raster', order: 'raster' },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'scale-out',
      title: { en: 'Break: a scale left out', zh: '改动三：少一个尺度' },
      set: { view: 'break', cut: 'scale-out', net: 'scales', order: 'scales', gone: 2, k: -1 },
      focus: 'picture',
      lit: 'logits',
    },
    {
      id: 'half-book',
      title: { en: 'Break: half the codebook', zh: '改动四：半个码本' },
      set: { view: 'break', cut: 'half-book', net: 'vq', half: 'unused' },
      focus: 'picture',
      lit: 'codes',
    },
    {
      id: 'table',
      title: { en: 'From here to large models', zh: '从这里到大模型' },
      set: { view: 'table', net: 'scales' },
      focus: 'picture',
      lit: 'codes',
    },
  ],
  terms: ['next-scale', 'block-causal', 'rest'],
  references: ['esser2021', 'chang2022', 'sun2024', 'tian2024', 'tang2024', 'li2024', 'peebles2023'],
  borrows: ['15-latents', '07-denoise', '01-patches', '02-tokens', '09-dit', '11-masked-autoencoders'],
});
