import { MAE_DEFAULTS, type MAEConfig } from './config.ts';

/**
 * Published encoders with the published decoder (He et al. 2022), and a small one for CIFAR-10, of the size that
 * github.com/IcarusWizard/MAE trains there.
 */
export const maePresets: Readonly<Record<string, MAEConfig>> = {
  'mae-b-16': MAE_DEFAULTS,
  'mae-l-16': { ...MAE_DEFAULTS, dim: 1024, depth: 24, heads: 16 },
  'mae-h-14': { ...MAE_DEFAULTS, patch: 14, dim: 1280, depth: 32, heads: 16 },
  'mae-ti-2-cifar10': {
    ...MAE_DEFAULTS,
    image: 32,
    patch: 2,
    dim: 192,
    depth: 12,
    heads: 3,
    decoderDim: 192,
    decoderDepth: 4,
    decoderHeads: 3,
  },
};
