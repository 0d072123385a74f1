import { UVIT_DEFAULTS, type UViTConfig } from './config.ts';

/** Width, depth and heads of the published sizes; every MLP is 4 times the width (Bao et al. 2023, table 1, and the released configurations). */
const SIZES = {
  s: { dim: 512, depth: 12, heads: 8 },
  deep: { dim: 512, depth: 16, heads: 8 },
  m: { dim: 768, depth: 16, heads: 12 },
  l: { dim: 1024, depth: 20, heads: 16 },
  h: { dim: 1152, depth: 28, heads: 16, conv: false },
} as const;

const base = (size: keyof typeof SIZES, change: Partial<UViTConfig>): UViTConfig => ({
  ...UVIT_DEFAULTS,
  ...SIZES[size],
  ...change,
});

const UNCONDITIONAL = { classes: 0, nullClass: false };
const PIXELS64 = { image: 64, patch: 4 };
/** Latents of a 256 × 256 picture: 4 channels, one value for 8 × 8 pixels. */
const LATENT256 = { image: 32, channels: 4, patch: 2, classes: 1000 };
const LATENT512 = { image: 64, channels: 4, patch: 4, classes: 1000 };
const TEXT = { ...LATENT256, ...UNCONDITIONAL, contextTokens: 77, contextDim: 768 };

/** Published U-ViTs (Bao et al. 2023, table 1), and `uvit-256-2-cifar10`, small enough for a browser. */
export const uvitPresets: Readonly<Record<string, UViTConfig>> = {
  'uvit-s-2-cifar10': base('s', UNCONDITIONAL),
  'uvit-s-4-celeba64': base('s', { ...PIXELS64, ...UNCONDITIONAL }),
  'uvit-m-4-imagenet64': base('m', { ...PIXELS64, classes: 1000, nullClass: false }),
  'uvit-l-4-imagenet64': base('l', { ...PIXELS64, classes: 1000, nullClass: false }),
  'uvit-l-2-imagenet256': base('l', LATENT256),
  'uvit-h-2-imagenet256': base('h', LATENT256),
  'uvit-l-4-imagenet512': base('l', LATENT512),
  'uvit-h-4-imagenet512': base('h', LATENT512),
  'uvit-s-2-coco': base('s', TEXT),
  'uvit-s-2-deep-coco': base('deep', TEXT),
  'uvit-256-2-cifar10': { ...UVIT_DEFAULTS, dim: 256, depth: 12, heads: 4 },
};
