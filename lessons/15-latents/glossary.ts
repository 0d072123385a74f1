import type { GlossaryEntry } from '#lib/notebook/types.ts';
import { paintTerms } from './paint-terms.ts';
import { toldTerms } from './told-terms.ts';
import { twinTerms } from './twin-terms.ts';

const glossary: Record<string, GlossaryEntry> = {
  latent: {
    term: { en: 'latents', zh: '隐变量（latent）' },
    meaning: {
      en: 'The numbers that an autoencoder keeps of a picture: here a small map of four channels. A decoder makes a picture of them again.',
      zh: '自编码器保留的、表示一张图片的数：在这里是一幅四通道的小图。解码器能由它们重新得到图片。',
    },
  },
  autoencoder: {
    term: { en: 'autoencoder', zh: '自编码器（autoencoder）' },
    meaning: {
      en: 'Two networks trained together: an encoder that makes few numbers of a picture, and a decoder that makes the picture of these numbers again, as well as it can.',
      zh: '一起训练的两个网络：编码器把图片变成较少的数，解码器再尽可能由这些数恢复图片。',
    },
  },
  'scaling-factor': {
    term: { en: 'scaling factor', zh: '缩放系数' },
    meaning: {
      en: 'One over the standard deviation of the latents, measured on training pictures. Latents are multiplied by it before noise is added, and divided by it before they are decoded.',
      zh: '训练图片的隐变量标准差的倒数。隐变量先乘以它再加噪声，解码之前再除以它。',
    },
  },
  ...paintTerms,
  ...toldTerms,
  ...twinTerms,
};
export default glossary;
