import { VIT_DEFAULTS, type VitConfig } from './vit-config.ts';

/** Width, depth and heads of the published sizes; every MLP is 4 times the width (FACTS §1). */
const SIZES = {
  ti: { dim: 192, depth: 12, heads: 3 },
  s: { dim: 384, depth: 12, heads: 6 },
  b: { dim: 768, depth: 12, heads: 12 },
  l: { dim: 1024, depth: 24, heads: 16 },
  h: { dim: 1280, depth: 32, heads: 16 },
} as const;

const PATCHES: Record<keyof typeof SIZES, readonly number[]> = {
  ti: [8, 16, 32],
  s: [8, 14, 16, 32],
  b: [8, 14, 16, 32],
  l: [8, 14, 16, 32],
  h: [14, 16],
};

/** `vit-b-16` and its sisters: 224 pixels, 1000 classes. */
export const vitPresets: Readonly<Record<string, VitConfig>> = Object.fromEntries(
  (Object.keys(SIZES) as (keyof typeof SIZES)[]).flatMap((size) =>
    PATCHES[size].map((patch) => [`vit-${size}-${patch}`, { ...VIT_DEFAULTS, ...SIZES[size], patch }]),
  ),
);
