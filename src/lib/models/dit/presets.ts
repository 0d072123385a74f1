import { DIT_DEFAULTS, type DiTConfig } from './config.ts';

/** Width, depth and heads of the published sizes; every MLP is 4 times the width (Peebles and Xie 2023, table 1). */
const SIZES = {
  s: { dim: 384, depth: 12, heads: 6 },
  b: { dim: 768, depth: 12, heads: 12 },
  l: { dim: 1024, depth: 24, heads: 16 },
  xl: { dim: 1152, depth: 28, heads: 16 },
} as const;

/** `dit-xl-2` and its sisters on 32 × 32 × 4 latents; `dit-xl-2-512` on those of 512 × 512 pictures. */
export const ditPresets: Readonly<Record<string, DiTConfig>> = {
  ...Object.fromEntries(
    (Object.keys(SIZES) as (keyof typeof SIZES)[]).flatMap((size) =>
      [2, 4, 8].map((patch) => [`dit-${size}-${patch}`, { ...DIT_DEFAULTS, ...SIZES[size], patch }]),
    ),
  ),
  'dit-xl-2-512': { ...DIT_DEFAULTS, image: 64 },
  'dit-256-2-cifar10': {
    ...DIT_DEFAULTS,
    dim: 256,
    depth: 12,
    heads: 4,
    channels: 3,
    classes: 10,
    learnSigma: false,
  },
};
