import type { InputSpec } from '../family.ts';

/** Sizes of a clip. */
export interface ClipSize {
  readonly frames: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** The input `x` `[1, F, C, S, S]`: the frames of a clip, one after another, each a square picture. */
export function framesInput({
  frames,
  channels,
  image,
}: {
  readonly frames: number;
  readonly channels: number;
  readonly image: number;
}): InputSpec {
  const shape = [1, frames, channels, image, image];
  return { name: 'x', role: 'frames', shape, dims: ['B', 'f', 'C', 'H', 'W'] };
}

/**
 * A clip made of one picture: every frame is the one before, moved to the right by `pace` pixels; what leaves at the right
 * comes in again at the left. Pace 0: the picture stands still; below 0 it moves to the left.
 * @param picture `[C, H, W]`, flat
 * @param pace whole pixels a frame
 * @returns `[F, C, H, W]`, flat
 */
export function movingFrames(
  picture: Float32Array,
  { frames, channels, height, width }: ClipSize,
  pace = 0,
): Float32Array {
  const clip = new Float32Array(frames * picture.length);
  for (let f = 0; f < frames; f++) {
    const by = (((f * pace) % width) + width) % width;
    for (let row = 0; row < channels * height; row++) {
      const line = picture.subarray(row * width, (row + 1) * width);
      const at = f * picture.length + row * width;
      clip.set(line.subarray(0, width - by), at + by);
      clip.set(line.subarray(width - by), at);
    }
  }
  return clip;
}
