import { psnr } from '#lib/analysis/picture-error.ts';

/** What stands after a scale: of latents, and of the picture. */
export interface ScaleSeen {
  /** Side of its grid, its codes row by row, codes up to it. */
  readonly side: number;
  readonly codes: readonly number[];
  readonly soFar: number;
  /** `[3, S, S]` decoded from the sum so far, and its PSNR in dB. */
  readonly picture: Float32Array;
  readonly psnr: number;
  /** The share of the latents' squared length that is missing. */
  readonly missing: number;
}

const square = (values: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? 0) ** 2;
  return sum;
};

/**
 * The scales of a picture one after another.
 * @param sides of the grids
 * @param given the picture, its latents; for each scale its codes, what is missing after it, the decoded sum
 */
export function scalesSeen(
  sides: readonly number[],
  given: {
    readonly x: ArrayLike<number>;
    readonly latents: ArrayLike<number>;
    readonly codes: ArrayLike<number>;
    readonly rests: readonly ArrayLike<number>[];
    readonly pictures: readonly Float32Array[];
  },
): ScaleSeen[] {
  const whole = square(given.latents);
  let soFar = 0;
  return sides.map((side, k) => {
    const from = soFar;
    soFar += side * side;
    const picture = given.pictures[k] ?? new Float32Array(given.x.length);
    return {
      ...{ side, soFar, picture },
      codes: Array.from({ length: side * side }, (_, i) => given.codes[from + i] ?? -1),
      psnr: psnr(picture, given.x),
      missing: square(given.rests[k] ?? []) / whole,
    };
  });
}
