import type { GlossaryEntry } from '#lib/notebook/types.ts';
import { paintTerms } from './paint-terms.ts';
import { toldTerms } from './told-terms.ts';
import { twinTerms } from './twin-terms.ts';

const glossary: Record<string, GlossaryEntry> = {
  latent: {
    term: { en: 'latent', zh: '隐变量（latent）' },
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
  factor: {
    term: { en: 'downsampling factor', zh: '下采样倍数' },
    meaning: {
      en: 'How many times smaller each side of a picture becomes in an autoencoder’s latents: with 8, a cell stands for 8 × 8 pixels.',
      zh: '在自编码器的隐变量里，图片每边缩小的倍数：倍数为 8 时，一个单元对应 8 × 8 个像素。',
    },
  },
  psnr: {
    term: { en: 'PSNR', zh: '峰值信噪比（PSNR）' },
    meaning: {
      en: 'Peak signal-to-noise ratio, in decibels: how small the mean squared error is beside the square of the whole range of a pixel. 10 dB more are a tenth of the error.',
      zh: '以分贝为单位，表示均方误差相对于像素整个取值范围的平方有多小。多 10 dB，误差就是十分之一。',
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
