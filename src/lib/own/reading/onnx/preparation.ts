import type { PreprocessSpec } from '#lib/images/preprocess.ts';
import { IMAGENET } from '#lib/models/shared/preprocessing.ts';
import { pictureIn, type FeedPlan } from './feeds.ts';

/**
 * How a picture is prepared for a graph, which says nothing of it: straight to the size, with ImageNet's mean and
 * deviation; as bytes where it takes bytes. Undefined for a graph without a picture.
 */
export function graphPreparation(feeds: readonly FeedPlan[]): PreprocessSpec | undefined {
  const seen = pictureIn(feeds);
  if (!seen) return undefined;
  const bytes = feeds.some(({ what, type }) => what.startsWith('picture') && type === 'uint8');
  const { mean, std } = bytes ? { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] } : IMAGENET;
  const some = (list: readonly number[]) => (seen.channels === 1 ? list.slice(0, 1) : list);
  return {
    size: seen.size,
    fit: 'squash',
    interpolation: 'bilinear',
    antialias: true,
    mean: some(mean),
    std: some(std),
  };
}
