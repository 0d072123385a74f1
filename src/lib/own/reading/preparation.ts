import type { PreprocessSpec, Size } from '#lib/images/preprocess.ts';
import { pictureOf, type Blueprint, type Preprocessing } from '#lib/models/registry.ts';

/** Size of the picture that a network is fed; undefined for one that is fed none. */
export function pictureSize(of: Blueprint): Size | undefined {
  const picture = pictureOf(of);
  if (!picture) return undefined;
  return picture.height === picture.width ? picture.height : [picture.height, picture.width];
}

/** How pictures are prepared for bare weights: straight to the size, and by default from −1 to 1. */
export function usualPreprocessing(of: Blueprint, likely?: Preprocessing): PreprocessSpec {
  const half = pictureOf(of)?.channels === 1 ? [0.5] : [0.5, 0.5, 0.5];
  const { mean, std } = likely && half.length === 3 ? likely : { mean: half, std: half };
  return {
    size: pictureSize(of) ?? 224,
    fit: 'squash',
    interpolation: 'bilinear',
    antialias: true,
    mean,
    std,
  };
}
