import { slerp } from '#lib/diffusion/math/slerp.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import type { WordsToPicture } from '#lib/programs/words-to-picture/program.ts';
import type { WAYS } from './told-fields.ts';

/** Pictures of a walk, both ends among them, and the part of the way of each. */
export const WALK = Array.from({ length: 7 }, (_, k) => k / 6);

/** What a walk goes between. */
export interface Ends {
  /** Token ids of the two texts. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Seeds of the two noises. */
  readonly seed: number;
  readonly other: number;
  /** Numbers of one picture's latents. */
  readonly each: number;
}

/**
 * A painting of a picture for each part of the way: the texts change, the noise does, or both. Texts go along the straight
 * line of their features, noise along the arc, which keeps its length (White 2016; Song et al. 2021, “Denoising Diffusion
 * Implicit Models”, section 5.3).
 * The sampler is DDIM, which adds no noise of its own: else each picture would go its own way.
 * @param base everything else that is asked; of one text
 */
export function walkSpec(
  base: WordsToPicture,
  { from, to, seed, other, each }: Ends,
  way: (typeof WAYS)[number],
  shares: readonly number[],
): WordsToPicture {
  const [label = null] = base.labels;
  const [a, b] = [startNoise(seed, 1, each), startNoise(other, 1, each)];
  const x = new Float32Array(shares.length * each);
  shares.forEach((u, k) => x.set(way === 'text' ? a : slerp(a, b, u), k * each));
  const texts = shares.map(() => from);
  const toward = { texts: shares.map(() => to), share: shares };
  return {
    ...base,
    sampler: 'ddim',
    labels: shares.map(() => label),
    words: [{ after: 0, texts, ...(way !== 'noise' && { toward }) }],
    x,
  };
}

/** Mean absolute difference of each picture to the one before it: `[n − 1]`, of values in −1 … 1. */
export function jumps(pictures: ArrayLike<number>, count: number): Float32Array {
  const each = pictures.length / count;
  return Float32Array.from({ length: count - 1 }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < each; i++) sum += Math.abs(pictures[(k + 1) * each + i]! - pictures[k * each + i]!);
    return sum / each;
  });
}
