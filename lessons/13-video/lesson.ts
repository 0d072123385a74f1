import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

const OPENS = { from: 'drawn', motion: 'right', seed: 3, pace: 0.5, order: '' } as const;

export default defineLesson({
  ...title,
  lead: {
    en: 'A transformer takes a set of tokens, and a clip is a pile of pictures. Here you cut clips into small blocks of space and time, your own clips too, count what they cost, let two trained networks say what moves and how, follow their attention through time, and take time away from them.',
    zh: 'Transformer 的输入是一组词元，而视频是一叠图片。这一课把视频（也可以是你自己的）切成跨越空间和时间的小长方体，计算它们的开销，让两个训练好的网络说出画面里的东西怎样运动，观察它们在时间上的注意力，再去掉时间信息，看结果怎样变化。',
  },
  objectives: [
    {
      en: 'cut a clip into tubelets, and give the number of tokens and of values in each',
      zh: '把视频切成时空管，并说出词元数和每个词元的数值个数',
    },
    {
      en: 'build the kernel of a tubelet from that of a picture in two ways, and compute what each gives',
      zh: '用两种方法由图片的卷积核得到时空管的卷积核，并算出各自的结果',
    },
    {
      en: 'follow the four ways to attend over space and time, with their shapes, and say who looks at whom',
      zh: '说出在空间和时间上计算注意力的四种方式、各处的形状，以及谁能看到谁',
    },
    {
      en: 'say how the work of each grows with the frames',
      zh: '说明每种方式的运算量怎样随帧数增长',
    },
    {
      en: 'predict what a network answers when frames are shuffled, reversed, frozen or left out, or positions say nothing of time',
      zh: '预测打乱、倒放、定格、去掉一半的帧，或位置编码不再说明时间时，网络会怎样回答',
    },
  ],
  models: ['vivit-joint', 'vivit-encoder'],
  state,
  views: {
    cut: { label: { en: 'Cut', zh: '切分' }, panel: () => import('./panels/CutPanel.svelte') },
    answer: { label: { en: 'Answer', zh: '答案' }, panel: () => import('./panels/AnswerPanel.svelte') },
    ways: {
      label: { en: 'Four ways', zh: '四种方式' },
      panel: () => import('./panels/WaysPanel.svelte'),
      wide: true,
    },
    through: {
      label: { en: 'Through time', zh: '跨越时间' },
      panel: () => import('./panels/ThroughPanel.svelte'),
    },
    break: { label: { en: 'Break', zh: '改动' }, panel: () => import('./panels/BreakPanel.svelte') },
  },
  cells: () => import('./cells.ts'),
  steps: [
    {
      id: 'cut',
      title: { en: 'A clip is a pile of pictures', zh: '视频是一叠图片' },
      set: { view: 'cut', part: 'pull', cut: 'frames', ...OPENS },
      focus: 'panel',
      lit: 'x',
    },
    {
      id: 'tubelet',
      title: { en: 'A token with time in it', zh: '包含时间的词元' },
      set: { view: 'cut', part: 'pull', cut: 'tubelets' },
      focus: 'panel',
      lit: 'tubelets',
    },
    {
      id: 'start',
      title: { en: 'Begin with what pictures have taught', zh: '从图片模型的权重开始' },
      set: { view: 'cut', part: 'start' },
      focus: 'panel',
      lit: 'patch_embed',
    },
    {
      id: 'bill',
      title: { en: 'How many, and what it costs', zh: '有多少词元，开销多大' },
      set: { view: 'cut', part: 'count', f: 32, t: 2, p: 16 },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'answer',
      title: { en: 'What no single frame says', zh: '单独一帧看不出的内容' },
      set: { view: 'answer', among: 'task', ...OPENS },
      focus: 'panel',
      lit: 'probs',
    },
    {
      id: 'ways',
      title: { en: 'Four ways to look around', zh: '计算注意力的四种方式' },
      set: { view: 'ways', how: 'program', way: 'joint' },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'pairs',
      title: { en: 'Who looks at whom', zh: '谁能看到谁' },
      set: { view: 'ways', how: 'pairs', way: 'factorised-self-attention' },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'cost',
      title: { en: 'What more frames cost', zh: '帧数增加，开销增加多少' },
      set: { view: 'ways', how: 'cost' },
      focus: 'panel',
      lit: 'tokens',
    },
    {
      id: 'through',
      title: { en: 'Attention through time', zh: '跨越时间的注意力' },
      set: { view: 'through', net: 'joint', look: 'strip', asks: 'token', ...OPENS },
      focus: 'panel',
      lit: 'blocks.0.attn.probs',
    },
    {
      id: 'shuffle',
      title: { en: 'Break: shuffle the frames', zh: '改动一：打乱各帧' },
      set: { view: 'break', change: 'shuffle', mix: 1, ...OPENS },
      focus: 'panel',
      lit: 'probs',
    },
    {
      id: 'freeze',
      title: { en: 'Break: one frame for all', zh: '改动二：只用一帧' },
      set: { view: 'break', change: 'freeze', frame: 0, ...OPENS },
      focus: 'panel',
      lit: 'probs',
    },
    {
      id: 'positions',
      title: { en: 'Break: no clock', zh: '改动三：没有时钟' },
      set: { view: 'break', change: 'positions', ...OPENS, motion: 'left-first' },
      focus: 'panel',
      lit: 'tokens',
    },
  ],
  terms: ['clip', 'tubelet', 'uniform-sampling', 'inflation', 'central-frame', 'factorised', 'mac'],
  references: ['arnab2021', 'carreira2017'],
  borrows: ['01-patches'],
});
