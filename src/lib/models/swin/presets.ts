import { SWIN_DEFAULTS, type SwinConfig } from './config.ts';

/** Stages of one picture of 64 pixels, for 94 classes: about 80 million multiply-adds, whatever the attention. */
const SMALL: SwinConfig = {
  ...SWIN_DEFAULTS,
  image: 64,
  dim: 64,
  depths: [2, 4],
  heads: [2, 4],
  window: 4,
  relativeBias: false,
  positions: 'sincos2d',
  classes: 94,
};

/**
 * Swin-T, -S and -B (Liu et al. 2021, section 3.3) at 224 pixels, and five small networks of equal work that differ in
 * their attention: a plain stack, windows, shifted windows, and two with ReLU linear attention (Cai et al. 2023).
 */
export const swinPresets: Readonly<Record<string, SwinConfig>> = {
  'swin-t-224': SWIN_DEFAULTS,
  'swin-s-224': { ...SWIN_DEFAULTS, depths: [2, 2, 18, 2] },
  'swin-b-224': { ...SWIN_DEFAULTS, dim: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32] },
  'swin-plain-64': { ...SMALL, attention: 'global', patch: 8, dim: 128, depths: [6], heads: [4] },
  'swin-window-64': { ...SMALL, attention: 'window', relativeBias: true },
  'swin-shifted-64': { ...SMALL, attention: 'shifted-window', relativeBias: true },
  'swin-linear-64': { ...SMALL, attention: 'linear' },
  'swin-multiscale-64': {
    ...SMALL,
    attention: 'multi-scale-linear',
    mlp: 'depthwise',
    depths: [2, 3],
    heads: [4, 8],
  },
};

/** Those that stand in no paper. */
export const OWN_PRESETS: readonly string[] = Object.keys(swinPresets).filter((name) => name.endsWith('-64'));
