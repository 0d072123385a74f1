import { defineLesson } from '#lib/notebook/types.ts';
import { state } from './state.ts';
import { STATION_TENSORS, type Station } from './stations.ts';
import title from './title.ts';

/** The tensor of a station, where the strip has it. */
const STRIP: Readonly<Record<string, string>> = {
  pos_added: 'x',
  decoder_embed: 'unshuffled',
  decoder_tokens: 'unshuffled',
};
const litAt = ({ step }: { readonly step: Station }) => STRIP[STATION_TENSORS[step]] ?? STATION_TENSORS[step];
const OPENS = { r: 0.75, kind: 'random' } as const;

export default defineLesson({
  ...title,
  lead: {
    en: 'A network is shown a quarter of a picture and paints the rest. Nobody has to say what is in the picture: what was hidden is the answer. Here you hide what you like, follow the patches through the network, count what it saves not to look at what is hidden, and find out how much of a picture can be left out.',
    zh: '只给网络看图片的四分之一，让它画出其余部分。不需要有人说明图片里是什么：被遮住的内容本身就是答案。这一课由你决定遮住哪里，跟随图像块走完整个网络，计算不处理被遮住的部分能省下多少运算，并弄清一张图片到底可以遮住多少。',
  },
  objectives: [
    {
      en: 'follow a picture through shuffle, keep, encode, fill and unshuffle, and give the shape at each station',
      zh: '说出一张图片经过打乱、保留、编码、补齐、还原各步之后的形状',
    },
    {
      en: 'compute what an encoder saves that sees the visible patches alone',
      zh: '算出只处理可见图像块的编码器能省下多少运算',
    },
    {
      en: 'say why three quarters of a picture can be hidden and only a seventh of a sentence, and what a plain interpolation does already',
      zh: '说明为什么图片可以遮住四分之三，而句子只遮住约七分之一，以及简单的插值已经能做到什么',
    },
    {
      en: 'say which patches a loss counts, in pixels and in normalised pixels',
      zh: '说明以像素和以归一化像素为目标时，损失各自看重哪些图像块',
    },
    {
      en: 'predict what happens when the decoder’s positions, the mask token or the encoder’s input are changed',
      zh: '预测改动解码器的位置编码、掩码词元或编码器的输入会有什么结果',
    },
  ],
  models: ['mae'],
  state,
  views: {
    hide: { label: { en: 'Hide', zh: '遮住' }, panel: () => import('./panels/HidePanel.svelte') },
    way: { label: { en: 'The way', zh: '经过' }, panel: () => import('./panels/WayPanel.svelte') },
    cost: { label: { en: 'Cost', zh: '开销' }, panel: () => import('./panels/CostPanel.svelte') },
    share: { label: { en: 'How much', zh: '遮住多少' }, panel: () => import('./panels/SharePanel.svelte') },
    norm: { label: { en: 'Normalised', zh: '归一化' }, panel: () => import('./panels/NormPanel.svelte') },
    break: { label: { en: 'Break', zh: '改动' }, panel: () => import('./panels/BreakPanel.svelte') },
  },
  steps: [
    {
      id: 'hide',
      title: { en: 'Hide and paint', zh: '遮住，再画出来' },
      set: { view: 'hide', ...OPENS },
      focus: 'picture',
      lit: 'reconstruction',
    },
    {
      id: 'loss',
      title: { en: 'Only what was hidden counts', zh: '只计算被遮住的部分' },
      set: { view: 'hide', ...OPENS },
      focus: 'panel',
      lit: 'reconstruction',
    },
    {
      id: 'way',
      title: { en: 'Left out, not blacked out', zh: '是去掉，不是涂黑' },
      set: { view: 'way', step: 'keep', ...OPENS },
      focus: 'panel',
      lit: litAt,
    },
    {
      id: 'cost',
      title: { en: 'What it saves', zh: '省下了多少' },
      set: { view: 'cost', ...OPENS },
      focus: 'panel',
      lit: 'norm',
    },
    {
      id: 'share',
      title: { en: 'How much can be hidden?', zh: '可以遮住多少？' },
      set: { view: 'share', ...OPENS },
      focus: 'panel',
      lit: 'reconstruction',
    },
    {
      id: 'norm',
      title: { en: 'Every patch at the same contrast', zh: '让每个图像块有同样的对比度' },
      set: { view: 'norm', ...OPENS },
      focus: 'panel',
      lit: 'patch_pred',
    },
    {
      id: 'places',
      title: { en: 'Break: the wrong place', zh: '改动一：错误的位置' },
      set: { view: 'break', change: 'places', ...OPENS },
      focus: 'panel',
      lit: 'unshuffled',
    },
    {
      id: 'token',
      title: { en: 'Break: another mask token', zh: '改动二：换掉掩码词元' },
      set: { view: 'break', change: 'mean', ...OPENS },
      focus: 'panel',
      lit: 'unshuffled',
    },
    {
      id: 'bert',
      title: { en: 'Break: show the encoder what is missing', zh: '改动三：让编码器也处理掩码词元' },
      set: { view: 'break', change: 'bert', ...OPENS },
      focus: 'panel',
      lit: 'norm',
    },
  ],
  terms: ['masked-autoencoder', 'self-supervised', 'masking-ratio', 'mask-token', 'normalised-pixels', 'mac'],
  cells: () => import('./cells.ts'),
  references: ['he2022', 'devlin2019'],
  borrows: ['01-patches'],
});
