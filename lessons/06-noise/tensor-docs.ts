import type { Text } from '#lib/base/lang.ts';
import type { Doc } from '#lib/graph/index.ts';

/** How all of them are made. */
export const HERE: Text = {
  en: 'Computed in this page from the picture, the schedule and the seed. No model runs in this lesson.',
  zh: '由本页根据图片、噪声调度和随机种子算出。这一课不运行任何模型。',
};

/** What the strip and its drawer say. */
export const DOCS: Readonly<Record<'x0' | 'epsilon' | 'x_t' | 'alphas_cumprod' | 'posterior_mean', Doc>> = {
  x0: {
    title: { en: 'picture', zh: '图片' },
    formula: 'x_0 = 2v - 1',
    torch: 'x0 = 2 * pixels - 1  # pixels in 0 … 1',
  },
  epsilon: {
    title: { en: 'noise', zh: '噪声' },
    formula: '\\varepsilon \\sim \\mathcal{N}(0, I)',
    torch: 'epsilon = torch.randn_like(x0)  # here: Philox, from the seed',
  },
  x_t: {
    title: { en: 'noised', zh: '加噪后' },
    formula: 'x_t = \\sqrt{\\bar\\alpha_t}\\,x_0 + \\sqrt{1-\\bar\\alpha_t}\\,\\varepsilon',
    torch: 'x_t = alphas_cumprod[t].sqrt() * x0 + (1 - alphas_cumprod[t]).sqrt() * epsilon',
  },
  alphas_cumprod: {
    title: { en: 'signal power', zh: '信号功率' },
    formula: '\\bar\\alpha_t = \\prod_{s \\le t} (1 - \\beta_s)',
    torch: 'alphas_cumprod = torch.cumprod(1 - betas, dim=0)',
  },
  posterior_mean: {
    title: { en: 'way back', zh: '反向的一步' },
    formula:
      '\\tilde\\mu = \\tfrac{\\sqrt{\\bar\\alpha_s}\\,\\beta}{1-\\bar\\alpha_t}x_0 + \\tfrac{\\sqrt{\\alpha}\\,(1-\\bar\\alpha_s)}{1-\\bar\\alpha_t}x_t',
    torch: 'posterior_mean = coef_x0 * x0 + coef_x_t * x_t',
  },
};
