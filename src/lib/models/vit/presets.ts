import { VIT_DEFAULTS, type ViTConfig } from './config.ts';

/**
 * Width, depth and heads of the published sizes; every MLP is 4 times the width (Dosovitskiy et al. 2021, table 1; Ti
 * and S: Touvron et al. 2021, table 1).
 */
const SIZES = {
  ti: { dim: 192, depth: 12, heads: 3 },
  s: { dim: 384, depth: 12, heads: 6 },
  b: { dim: 768, depth: 12, heads: 12 },
  l: { dim: 1024, depth: 24, heads: 16 },
  h: { dim: 1280, depth: 32, heads: 16 },
} as const;

type Size = keyof typeof SIZES;
const PATCHES = [8, 14, 16, 32];

function presets(
  family: string,
  sizes: readonly Size[],
  patches: readonly number[],
  change: Partial<ViTConfig>,
) {
  return sizes.flatMap((size) =>
    patches.map((patch): [string, ViTConfig] => [
      `${family}-${size}-${patch}`,
      { ...VIT_DEFAULTS, ...SIZES[size], ...change, patch },
    ]),
  );
}

/**
 * `vit-b-16` and its sisters: 224 pixels, 1000 classes. `deit-b-16`: the same network, trained on ImageNet-1k alone
 * (Touvron et al. 2021). `flexivit-b-16`: 240 pixels, positions on patches alone (Beyer et al. 2023).
 */
export const vitPresets: Readonly<Record<string, ViTConfig>> = Object.fromEntries([
  ...presets('vit', ['ti', 's', 'b', 'l', 'h'], PATCHES, {}),
  ...presets('deit', ['ti', 's', 'b'], [16], {}),
  ...presets('flexivit', ['s', 'b', 'l'], [8, 16, 30], { image: 240, clsPosition: false }),
]);
