import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `paint` views belong to. */
export const paintTerms: Record<string, GlossaryEntry> = {
  'latent-diffusion': {
    term: { en: 'latent diffusion', zh: '隐空间扩散（latent diffusion）' },
    meaning: {
      en: 'A diffusion model that adds and removes noise in the latents of an autoencoder instead of in pixels. A decoder makes the picture at the end.',
      zh: '在自编码器的隐变量里（而不是在像素里）加噪和去噪的扩散模型，最后由解码器得到图片。',
    },
  },
};
