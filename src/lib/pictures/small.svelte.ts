import { fitPicture, preprocess, type PreprocessSpec, type Size } from '#lib/images/index.ts';
import { FollowedPicture, type Telling } from './followed.svelte.ts';

/** Pixels a side of what a pixel-space diffusion model sees here. */
export const SMALL_SIDE = 32;

/** Values in [−1, 1], as pixel-space diffusion models take them: the middle of the picture, antialiased. */
export function pixelSpec(size: Size, channels = 3): PreprocessSpec {
  const half = Array.from({ length: channels }, () => 0.5);
  return { size, fit: 'crop', interpolation: 'bilinear', antialias: true, mean: half, std: half };
}

/**
 * The reader's or the gallery's picture as a diffusion model's x0: `[3, S, S]` in [−1, 1], S = 32 unless said. It
 * follows the lesson's `pic`, the same choice as in the other lessons. Make it while the lesson's room is made.
 */
export class SmallPicture extends FollowedPicture {
  readonly side: number;

  constructor(page: Telling, state: { pic: string }, side = SMALL_SIDE) {
    super(page, state);
    this.side = side;
  }

  /** The square itself, 0 … 255; undefined until the picture is decoded. */
  readonly square = $derived.by(() => this.picture.rgba && fitPicture(this.picture.rgba, this.side, 'crop'));
  /** x0 `[3, S, S]` in [−1, 1]. */
  readonly x0 = $derived.by(() => this.at(this.side));

  /** The picture at another size, `[3, size, size]` in [−1, 1]. */
  at(size: number): Float32Array | undefined {
    return this.picture.rgba && preprocess(this.picture.rgba, pixelSpec(size));
  }
}
