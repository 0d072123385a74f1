import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import { TensorError, TensorValue } from './tensor-value.ts';

/** Most normals at once. */
const MOST = 4e6;

/**
 * Standard normals drawn by a seed: the same that the site's own sampling runs set out with, so that a cell's run of the
 * same seed ends in the same picture.
 * @param seed whole, 0 … 2^53 − 1
 * @throws TensorError for another seed, or a shape that is none
 */
export function noise(seed: unknown, shape: unknown): TensorValue {
  if (!Number.isSafeInteger(seed) || Number(seed) < 0)
    throw new TensorError(
      'noise() takes a seed, a whole number from 0 up, and a shape, such as noise(1, [3, 32, 32]).',
      'noise() 需要一个种子（从 0 起的整数）和一个形状，例如 noise(1, [3, 32, 32])。',
    );
  const sizes = Array.isArray(shape) ? shape.map(Number) : [Number(shape)];
  const size = sizes.reduce((a, b) => a * b, 1);
  if (!(size >= 0 && size <= MOST))
    throw new TensorError(
      `noise() draws ${MOST / 1e6} million numbers at the most; the shape is [${sizes.join(', ')}].`,
      `noise() 一次最多取 ${MOST / 1e4} 万个数，这个形状是 [${sizes.join(', ')}]。`,
    );
  return new TensorValue(sizes, startNoise(Number(seed), 1, Math.floor(size)));
}
