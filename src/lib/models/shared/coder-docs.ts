import { doc } from './block-docs.ts';
import type { ResidualPlace } from './residual-docs.ts';

/** The two halves of an autoencoder. */
export type Half = 'encoder' | 'decoder';

const HALVES = {
  encoder: { en: 'encoder', zh: '编码器' },
  decoder: { en: 'decoder', zh: '解码器' },
} as const;

/** Where a block stands: “decoder, 32 × 32, block 1”. */
export function coderPlace(half: Half, side: number, j: number): ResidualPlace {
  const { en, zh } = HALVES[half];
  return { en: `${en}, ${side} × ${side}, block ${j}`, zh: `${zh} ${side} × ${side} 的第 ${j} 个残差块` };
}

/** The same of the blocks in the middle, at the smallest side. */
export function midPlace(half: Half, side: number, j: number): ResidualPlace {
  const { en, zh } = HALVES[half];
  return {
    en: `${en}, middle (${side} × ${side}), block ${j}`,
    zh: `${zh}中部（${side} × ${side}）第 ${j} 个残差块`,
  };
}

/** What lies outside the blocks of a half. */
export const CODER_DOCS = {
  encoder: {
    convIn: doc(
      'Picture lifted to the first channels',
      '把图像提升到最初的通道数',
      'W * x + b',
      'h = encoder.conv_in(x)',
    ),
    normOut: doc(
      'Last group norm of the encoder',
      '编码器最后的组归一化',
      '\\mathrm{GN}(h)',
      'h = encoder.norm_out(h)',
    ),
    convOut: doc(
      'What the encoder says of each place',
      '编码器对每个位置的输出',
      'W * \\mathrm{SiLU}(\\mathrm{GN}(h)) + b',
      'h = encoder.conv_out(F.silu(h))',
    ),
  },
  decoder: {
    convIn: doc(
      'Latents lifted to the widest channels',
      '把隐变量提升到最多的通道数',
      'W * z + b',
      'h = decoder.conv_in(z)',
    ),
    normOut: doc(
      'Last group norm of the decoder',
      '解码器最后的组归一化',
      '\\mathrm{GN}(h)',
      'h = decoder.norm_out(h)',
    ),
    convOut: doc(
      'Pixels, as the last convolution gives them',
      '最后一个卷积给出的像素',
      'W * \\mathrm{SiLU}(\\mathrm{GN}(h)) + b',
      'h = decoder.conv_out(F.silu(h))',
    ),
  },
} as const;

/** Docs of the two ends that both kinds of autoencoder have. */
export const ENDS = {
  x: doc('Picture, from −1 to 1', '输入图像（取值 −1 到 1）', 'x'),
  postQuant: doc(
    'Latents on their way into the decoder',
    '送入解码器的隐变量',
    'W_p * z + b_p',
    'h = post_quant_conv(z)',
  ),
  reconstruction: doc('Reconstruction', '重建的图像', '\\hat x = D(z)', 'reconstruction = h'),
} as const;
