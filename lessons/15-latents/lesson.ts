import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import title from './title.ts';

export default defineLesson({
  ...title,
  lead: {
    en: 'You write words, and a small network paints them. It does not paint in pixels: an autoencoder turns a picture of 64 × 64 pixels into 8 × 8 places of four numbers and back. Here you look into that smaller space, see what it loses and what it saves, follow words into the network, and take the system apart.',
    zh: '你写下文字，一个小网络把它画出来。它并不直接画像素：自编码器（autoencoder）把 64 × 64 像素的图片变成 8 × 8 个位置、每处四个数，再变回来。这一课里，你会看到这个更小的空间里有什么、丢了什么、又省下什么，跟随文字走进网络，再把整个系统拆开。',
  },
  objectives: [
    {
      en: 'give the shapes on the way from a picture to latents, to a sequence of tokens, and back to a picture',
      zh: '说出从图片到隐变量、到词元序列、再回到图片的途中每一步的形状',
    },
    {
      en: 'compute how many tokens and multiply-adds a factor of the autoencoder saves, and say what it costs in detail',
      zh: '算出自编码器的某个下采样倍数省下多少词元和乘加运算，并说明为此失去了哪些细节',
    },
    {
      en: 'say why latents are divided by their standard deviation before noise is added',
      zh: '说明为什么要先把隐变量除以标准差，再加噪声',
    },
    {
      en: 'follow a word into the network, and say what guidance does with the prediction that was told no word',
      zh: '跟随一个词走进网络，并说明引导怎样使用没有得到文字时的预测',
    },
    {
      en: 'predict what happens when words change in the middle of a run, or when a part of the picture is held fast',
      zh: '预测中途换词或固定一部分画面时会怎样',
    },
    {
      en: 'tell a U-Net from a U-ViT by its shapes and by where the text enters',
      zh: '根据形状和文本进入的位置区分 U-Net 与 U-ViT',
    },
  ],
  models: ['uvit-words', 'kl-f8', 'clip'],
  state,
  views: {
    paint: {
      label: { en: 'Paint', zh: '作画' },
      panel: () => import('./panels/PaintPanel.svelte'),
      wide: true,
    },
    latent: {
      label: { en: 'Latents', zh: '隐变量' },
      panel: () => import('./panels/LatentPanel.svelte'),
      wide: true,
    },
    lost: {
      label: { en: 'Lost and saved', zh: '得失' },
      panel: () => import('./panels/LostPanel.svelte'),
      wide: true,
    },
    scale: {
      label: { en: 'Scale', zh: '尺度' },
      panel: () => import('./panels/ScalePanel.svelte'),
      wide: true,
    },
    told: {
      label: { en: 'Sequence', zh: '序列' },
      panel: () => import('./panels/ToldPanel.svelte'),
      wide: true,
    },
    attend: {
      label: { en: 'Attention', zh: '注意力' },
      panel: () => import('./panels/AttendPanel.svelte'),
      wide: true,
    },
    guide: {
      label: { en: 'Guidance', zh: '引导' },
      panel: () => import('./panels/GuidePanel.svelte'),
      wide: true,
    },
    swap: {
      label: { en: 'Other words', zh: '换词' },
      panel: () => import('./panels/SwapPanel.svelte'),
      wide: true,
    },
    inpaint: {
      label: { en: 'Fill in', zh: '补画' },
      panel: () => import('./panels/InpaintPanel.svelte'),
      wide: true,
    },
    walk: {
      label: { en: 'Between', zh: '之间' },
      panel: () => import('./panels/WalkPanel.svelte'),
      wide: true,
    },
    twin: {
      label: { en: 'U-Net', zh: 'U-Net' },
      panel: () => import('./panels/TwinPanel.svelte'),
      wide: true,
    },
    judged: {
      label: { en: 'Judged', zh: '评判' },
      panel: () => import('./panels/JudgedPanel.svelte'),
      wide: true,
    },
    break: {
      label: { en: 'Break', zh: '改动' },
      panel: () => import('./panels/BreakPanel.svelte'),
      wide: true,
    },
    table: {
      label: { en: 'Large pictures', zh: '大图' },
      panel: () => import('./panels/TablePanel.svelte'),
      wide: true,
    },
  },
  steps: [
    {
      id: 'paint',
      title: { en: 'Type words, and they are painted', zh: '写下文字，看它变成图' },
      set: { view: 'paint', net: 'denoiser' },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'why',
      title: { en: 'Every pixel costs attention', zh: '每个像素都要付出注意力' },
      set: { view: 'lost', net: 'autoencoder', loss: 'factors' },
      focus: 'picture',
      lit: 'x',
    },
    {
      id: 'encode',
      title: { en: 'A picture in 256 numbers', zh: '用 256 个数表示一张图片' },
      set: { view: 'latent', net: 'autoencoder', add: 0 },
      focus: 'picture',
      lit: 'mean',
    },
    {
      id: 'cell',
      title: { en: 'What one number holds', zh: '一个数管住什么' },
      set: { view: 'latent', net: 'autoencoder', ch: 0, cell: 27, add: 2 },
      focus: 'picture',
      lit: 'mean',
    },
    {
      id: 'lost',
      title: { en: 'What is lost, what is saved', zh: '丢了什么，省了什么' },
      set: { view: 'lost', net: 'autoencoder', loss: 'picture' },
      focus: 'picture',
      lit: 'reconstruction',
    },
    {
      id: 'scale',
      title: { en: 'The noise must fit', zh: '噪声的大小要相称' },
      set: { view: 'scale', net: 'autoencoder', set: 'photos', when: 0.5 },
      focus: 'picture',
      lit: 'mean',
    },
    {
      id: 'told',
      title: { en: 'Words become tokens of the sequence', zh: '文字成为序列里的词元' },
      set: { view: 'told', net: 'denoiser' },
      focus: 'picture',
      lit: 'tokens',
    },
    {
      id: 'guide',
      title: { en: 'Towards the words, away from none', zh: '朝向文字，远离空文本' },
      set: { view: 'guide', net: 'denoiser' },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'attend',
      title: { en: 'Which word looks where', zh: '哪个词看哪里' },
      set: { view: 'attend', net: 'denoiser' },
      focus: 'picture',
      lit: 'tokens',
    },
    {
      id: 'without',
      title: { en: 'Take a word out', zh: '拿掉一个词' },
      set: { view: 'swap', net: 'denoiser' },
      focus: 'picture',
      lit: 'context',
    },
    {
      id: 'swap',
      title: { en: 'Other words half-way', zh: '中途换词' },
      set: { view: 'swap', net: 'denoiser' },
      focus: 'picture',
      lit: 'context',
    },
    {
      id: 'inpaint',
      title: { en: 'Keep a part, paint the rest', zh: '留下一部分，补画其余' },
      set: { view: 'inpaint', net: 'denoiser' },
      focus: 'picture',
      lit: 'x',
    },
    {
      id: 'walk',
      title: { en: 'Between two texts', zh: '两段文字之间' },
      set: { view: 'walk', net: 'denoiser' },
      focus: 'picture',
      lit: 'context',
    },
    {
      id: 'twin',
      title: { en: 'The same with a U-Net', zh: '换成 U-Net' },
      set: { view: 'twin', net: 'denoiser' },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'judged',
      title: { en: 'How often is it right?', zh: '它画对的比例有多高？' },
      set: { view: 'judged', net: 'denoiser' },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'scale-out',
      title: { en: 'Break: no scaling factor', zh: '改动一：去掉缩放系数' },
      set: { view: 'break', net: 'denoiser' },
      focus: 'picture',
      lit: 'x',
    },
    {
      id: 'other-noise',
      title: { en: 'Break: another picture’s noise', zh: '改动二：换上别处的噪声' },
      set: { view: 'break', net: 'denoiser' },
      focus: 'picture',
      lit: 'x',
    },
    {
      id: 'cut',
      title: { en: 'Break: no long skips', zh: '改动三：切断长跳连' },
      set: { view: 'break', net: 'denoiser' },
      focus: 'picture',
      lit: 'prediction',
    },
    {
      id: 'table',
      title: { en: 'From here to large pictures', zh: '从这里到大图' },
      set: { view: 'table', net: 'denoiser' },
      focus: 'picture',
      lit: 'tokens',
    },
  ],
  terms: ['latent', 'autoencoder', 'scaling-factor'],
  references: ['rombach2022', 'bao2023'],
  borrows: ['12-words-and-pictures', '01-patches', '02-tokens'],
});
