import { VQ_DEFAULTS, type VqConfig } from './config.ts';

/**
 * The tokenizer of VAR, 680 codes of a picture of 256 pixels on ten scales (Tian et al. 2024), and VQGAN's of ImageNet,
 * 256 codes of 1,024 on one grid (Esser et al. 2021; github.com/CompVis/taming-transformers).
 */
export const vqPresets: Readonly<Record<string, VqConfig>> = {
  'var-f16': VQ_DEFAULTS,
  'vqgan-f16-1024': {
    ...VQ_DEFAULTS,
    width: 128,
    latent: 256,
    codes: 1024,
    scales: [],
    quantKernel: 1,
  },
};
