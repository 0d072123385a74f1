import type { ClipPlace } from './board-layout.ts';

/** Sizes of a clip and of the tubelets it is cut into. */
export interface Cutting {
  /** Pixels a side of a frame, frames of a tubelet, pixels a side of a patch. */
  readonly side: number;
  readonly tubelet: number;
  readonly patch: number;
}

/**
 * The values of one tubelet of a clip `[F, 3, S, S]`, in the order of a 3-D convolution's kernel: channel, frame, row,
 * column. `[3 · t · p · p]`
 */
export function tubeletValues(
  clip: Float32Array,
  { side, tubelet, patch }: Cutting,
  { time, row, col }: ClipPlace,
): Float32Array {
  const values = new Float32Array(3 * tubelet * patch * patch);
  let to = 0;
  for (let c = 0; c < 3; c++)
    for (let f = 0; f < tubelet; f++)
      for (let y = 0; y < patch; y++) {
        const from = (((time * tubelet + f) * 3 + c) * side + row * patch + y) * side + col * patch;
        values.set(clip.subarray(from, from + patch), to);
        to += patch;
      }
  return values;
}

/** Frame `f` of a tubelet or of a kernel `[3, t, p, p]`, as a picture `[3, p, p]`. */
export function frameOf(values: ArrayLike<number>, tubelet: number, f: number): Float32Array {
  const plane = values.length / (3 * tubelet);
  return Float32Array.from({ length: 3 * plane }, (_, i) => {
    const channel = Math.floor(i / plane);
    return values[(channel * tubelet + f) * plane + (i % plane)] ?? NaN;
  });
}

/** `[3, t, p, p]` of frames `[3, p, p]`. */
export function fromFrames(frames: readonly ArrayLike<number>[]): Float32Array {
  const plane = (frames[0]?.length ?? 0) / 3;
  const values = new Float32Array(3 * frames.length * plane);
  frames.forEach((frame, f) => {
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < plane; i++)
        values[(c * frames.length + f) * plane + i] = frame[c * plane + i] ?? NaN;
  });
  return values;
}

/** The name of place `i` of a tubelet's row: channel, frame, row and column. */
export function placeInRow(i: number, { tubelet, patch }: Pick<Cutting, 'tubelet' | 'patch'>) {
  const plane = patch * patch;
  return {
    channel: Math.floor(i / (tubelet * plane)),
    frame: Math.floor(i / plane) % tubelet,
    row: Math.floor((i % plane) / patch),
    col: i % patch,
  };
}
