import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'A denoiser must know three things: the noisy picture, how noisy it is, and what it should become. U-ViT makes tokens of all three and lets attention do the rest. Here it runs, at every step of its painting, and every part of it can be cut.',
    zh: '去噪网络需要三种输入：带噪的图片、噪声有多大、应当生成什么。U-ViT 把三者都变成词元，其余的由注意力完成。这一课运行一个 U-ViT，可以观察它生成图片的每一步，也可以去掉它的任何一个部分。',
  },
  objectives: [
    {
      en: 'write down the token sequence of a U-ViT and predict every shape on the way through it',
      zh: '写出 U-ViT 的词元序列，以及其中每个张量的形状',
    },
    {
      en: 'compute the embedding of a time, and say why near times look alike and far ones do not',
      zh: '算出一个时刻的嵌入，并说明为什么时刻接近时嵌入相似，时刻相差大时不相似',
    },
    {
      en: 'read from curves when a head listens to the time or the label, over a whole sampling run',
      zh: '从曲线上读出：在整个采样过程中，一个头在什么时候读取时间和标签',
    },
    {
      en: 'draw the long skips, say what concatenation costs, and test what each of them is worth',
      zh: '画出长跳跃连接，说出拼接的开销，并检验每一条的重要性',
    },
    {
      en: 'say what a U-ViT shares with a U-Net, and what it does not',
      zh: '说出 U-ViT 与 U-Net 的相同与不同',
    },
  ],
  models: ['uvit-cifar10'],
  state,
  views: {
    tokens: { label: { en: 'Tokens', zh: '词元' }, panel: () => import('./panels/TokensPanel.svelte') },
    time: { label: { en: 'Time', zh: '时间' }, panel: () => import('./panels/TimePanel.svelte') },
    listen: { label: { en: 'Listen', zh: '注意力' }, panel: () => import('./panels/ListenPanel.svelte') },
    look: { label: { en: 'Look', zh: '看向' }, panel: () => import('./panels/LookPanel.svelte') },
    skips: { label: { en: 'Skips', zh: '跳跃连接' }, panel: () => import('./panels/SkipsPanel.svelte') },
    ways: { label: { en: 'Ways', zh: '接法' }, panel: () => import('./panels/SkipWaysPanel.svelte') },
    change: { label: { en: 'Break it', zh: '改动' }, panel: () => import('./panels/ChangePanel.svelte') },
    cost: {
      label: { en: 'Cost', zh: '开销' },
      panel: () => import('./panels/CostPanel.svelte'),
      wide: true,
    },
    unet: {
      label: { en: 'U-Net', zh: 'U-Net' },
      panel: () => import('./panels/UnetPanel.svelte'),
      wide: true,
    },
  },
  steps: [
    {
      id: 'tokens',
      title: { en: 'Everything is a token', zh: '一切都是词元' },
      set: { view: 'tokens', k: 8, who: 'patch' },
      focus: 'panel',
    },
    {
      id: 'clock',
      title: { en: 'A number becomes a row', zh: '时间嵌入：一个数变成一行' },
      set: { view: 'time', k: 8 },
      focus: 'panel',
    },
    {
      id: 'listen',
      title: { en: 'Who listens to the time?', zh: '哪些头读取时间？' },
      set: { view: 'listen', m: 'to-time' },
      focus: 'panel',
    },
    {
      id: 'label',
      title: { en: 'And who to the label?', zh: '哪些头读取标签？' },
      set: { view: 'listen', m: 'to-label' },
      focus: 'panel',
    },
    {
      id: 'look',
      title: { en: 'Where a patch looks while the noise falls', zh: '噪声减少时，图像块看向哪里' },
      set: { view: 'look', who: 'patch', k: 0 },
      focus: 'panel',
    },
    {
      id: 'distance',
      title: { en: 'Near and far, over time', zh: '注意力距离随时间的变化' },
      set: { view: 'listen', m: 'distance' },
      focus: 'panel',
    },
    {
      id: 'u',
      title: { en: 'A U without a valley', zh: '分辨率不变的 U 形结构' },
      set: { view: 'skips', g: '' },
      focus: 'panel',
    },
    {
      id: 'cut',
      title: { en: 'Cut the skips', zh: '去掉跳跃连接' },
      set: { view: 'skips', g: '0.0.0.0' },
      focus: 'picture',
    },
    {
      id: 'ways',
      title: { en: 'Five ways to take a skip in', zh: '接入跳跃连接的五种方式' },
      set: { view: 'ways', way: 'concat' },
      focus: 'panel',
    },
    {
      id: 'conv',
      title: { en: 'Twenty-seven numbers a colour', zh: '最后的卷积：每种颜色 27 个数' },
      set: { view: 'change', fault: 'conv', left: 0 },
      focus: 'panel',
    },
    {
      id: 'positions',
      title: { en: 'Take the places away', zh: '去掉位置编码' },
      set: { view: 'change', fault: 'pos', left: 0 },
      focus: 'panel',
    },
    {
      id: 'time',
      title: { en: 'Stop the clock', zh: '固定时间' },
      set: { view: 'change', fault: 'time-held', held: 50 },
      focus: 'panel',
    },
    {
      id: 'swap',
      title: { en: 'Change the word in mid-sentence', zh: '中途更换标签' },
      set: { view: 'change', fault: 'label-swap', from: 6, c2: 1 },
      focus: 'panel',
    },
    {
      id: 'parts',
      title: { en: 'Silence a head, hide a patch', zh: '屏蔽一个头，隐藏一个图像块' },
      set: { view: 'change', fault: 'heads', cut: ['0.0', '0.1', '0.2', '0.3'] },
      focus: 'panel',
    },
    {
      id: 'cost',
      title: { en: 'Deeper, wider, finer', zh: '更深、更宽、更细' },
      set: { view: 'cost', axis: 'patch' },
      focus: 'panel',
    },
    {
      id: 'unet',
      title: { en: 'What is left of the U-Net', zh: 'U-ViT 保留了 U-Net 的什么' },
      set: { view: 'unet' },
      focus: 'panel',
    },
    {
      id: 'end',
      title: { en: 'What you hold now', zh: '本课小结' },
      set: { view: 'tokens', k: 8 },
      focus: 'panel',
    },
  ],
  terms: [
    'u-vit',
    'token',
    'time-token',
    'label-token',
    'time-embedding',
    'attention',
    'head',
    'attention-distance',
    'long-skip',
    'gate',
    'null-class',
    'u-net',
    'mac',
  ],
  references: [
    'bao2023',
    'vaswani2017',
    'dosovitskiy2021',
    'ho2020',
    'song2021sde',
    'lu2022',
    'ronneberger2015',
    'peebles2023',
  ],
  borrows: ['01-patches', '03-attention'],
});
