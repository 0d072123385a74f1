import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  clip: {
    term: { en: 'clip', zh: '视频片段（clip）' },
    meaning: {
      en: 'A few frames of a video, in their order: what a video transformer is fed at once.',
      zh: '视频中按顺序排列的若干帧，是视频 Transformer 一次处理的输入。',
    },
  },
  tubelet: {
    term: { en: 'tubelet', zh: '时空管（tubelet）' },
    meaning: {
      en: 'A block cut out of a clip, some frames long and a patch wide and high. Its numbers in one row become one token.',
      zh: '从视频里切出的一个小长方体：长若干帧，宽和高都是一个图像块。它的数值排成一行，变成一个词元。',
    },
  },
  'uniform-sampling': {
    term: { en: 'uniform frame sampling', zh: '均匀抽帧（uniform frame sampling）' },
    meaning: {
      en: 'Frames are taken at equal distances, and each is cut into patches as a picture is.',
      zh: '每隔相同的时间取一帧，每一帧像图片一样切成图像块。',
    },
  },
  inflation: {
    term: { en: 'filter inflation', zh: '卷积核膨胀（filter inflation）' },
    meaning: {
      en: 'The kernel of a picture is repeated for every frame of a tubelet and divided by their number.',
      zh: '把图片的卷积核复制到时空管的每一帧，再除以帧数。',
    },
  },
  'central-frame': {
    term: { en: 'central frame initialisation', zh: '中心帧初始化（central frame initialisation）' },
    meaning: {
      en: 'The kernel of a picture stands at the middle frame of a tubelet, and zeros at all others.',
      zh: '图片的卷积核放在时空管的中间一帧，其余各帧全为零。',
    },
  },
  factorised: {
    term: { en: 'factorised attention', zh: '时空分解的注意力（factorised attention）' },
    meaning: {
      en: 'Attention over all tokens of a clip is replaced by one within each time and one at each place over the times.',
      zh: '不再让所有词元互相注意，而是分成两部分：同一时刻之内，以及同一位置的各个时刻之间。',
    },
  },
};
export default glossary;
