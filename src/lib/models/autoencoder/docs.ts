import { doc } from '../shared/block-docs.ts';
import type { AutoencoderConfig } from './config.ts';

/** Docs of what lies between encoder and decoder; `live`: with the interventions' inputs. */
export function latentDocs({ latent, fromLatents }: AutoencoderConfig, live: boolean) {
  const drawn = live ? '\\mu + \\epsilon \\odot e^{\\lambda/2} + \\Delta' : '\\mu';
  return {
    moments: doc(
      'Mean and log variance of the latents, side by side',
      '隐变量的均值与对数方差（按通道拼接）',
      '[\\,\\mu\\,;\\,\\lambda\\,] = W_q * E(x) + b_q',
      'moments = quant_conv(h)',
    ),
    mean: doc(
      'Mean of the latents',
      '隐变量的均值',
      `\\mu \\in \\mathbb{R}^{${latent} \\times h \\times w}`,
      'mean, logvar = moments.chunk(2, dim=1)',
    ),
    logvar: doc(
      'Log variance of the latents',
      '隐变量的对数方差',
      '\\lambda = \\log \\sigma^2',
      'mean, logvar = moments.chunk(2, dim=1)',
    ),
    z: doc(
      'Latents that are decoded',
      '被解码的隐变量',
      fromLatents === 1 ? 'z' : `z = ${drawn}`,
      live ? 'z = mean + latent_noise * (logvar / 2).exp() + latent_shift' : 'z = mean',
    ),
  };
}
