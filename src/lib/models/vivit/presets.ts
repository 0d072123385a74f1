import { VIVIT_DEFAULTS, type VivitConfig } from './config.ts';

/**
 * ViViT-B/16×2 in the four forms of its paper (Arnab et al. 2021, table 2): 32 frames of 224 pixels are 16 · 14 · 14 = 3,136
 * tubelets of 2 × 16 × 16; 400 classes. The paper prints 88.9, 115.1, 117.3 and 88.9 million parameters.
 */
export const vivitPresets: Readonly<Record<string, VivitConfig>> = {
  'vivit-b-16x2': VIVIT_DEFAULTS,
  'vivit-b-16x2-encoder': { ...VIVIT_DEFAULTS, attention: 'factorised-encoder' },
  'vivit-b-16x2-self': { ...VIVIT_DEFAULTS, attention: 'factorised-self-attention' },
  'vivit-b-16x2-dot': { ...VIVIT_DEFAULTS, attention: 'factorised-dot-product' },
};
