import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  'masked-autoencoder': {
    term: { en: 'masked autoencoder (MAE)', zh: '掩码自编码器（masked autoencoder，MAE）' },
    meaning: {
      en: 'A network that is shown a part of a picture’s patches and trained to paint the others.',
      zh: '只看到图片的一部分图像块，并通过训练学会重建其余图像块的网络。',
    },
  },
  'mask-token': {
    term: { en: 'mask token', zh: '掩码词元（mask token）' },
    meaning: {
      en: 'One learned vector that stands for every hidden patch in the decoder; the positions added to it alone tell its copies apart.',
      zh: '一个可学习的向量，在解码器里代替每一个被遮住的图像块。它的各个副本只靠加上的位置编码来区分。',
    },
  },
  'masking-ratio': {
    term: { en: 'masking ratio', zh: '掩码比例（masking ratio）' },
    meaning: {
      en: 'The part of the patches that is hidden.',
      zh: '被遮住的图像块占全部图像块的比例。',
    },
  },
  'self-supervised': {
    term: { en: 'self-supervised', zh: '自监督（self-supervised）' },
    meaning: {
      en: 'Of training: the right answers come from the data themselves, not from labels that people gave.',
      zh: '一种训练方式：正确答案来自数据本身，而不是人工给出的标签。',
    },
  },
  'normalised-pixels': {
    term: { en: 'normalised pixels', zh: '归一化像素' },
    meaning: {
      en: 'The pixels of a patch minus their mean, over their standard deviation: a target that has every patch’s pattern at the same contrast.',
      zh: '一个图像块的像素减去平均值，再除以标准差。以此为目标时，每个图像块的图案都有同样的对比度。',
    },
  },
};
export default glossary;
