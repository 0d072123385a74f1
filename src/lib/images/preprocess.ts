import { resample } from './resample.ts';
import type { Rgba } from './rgba.ts';

/** How a picture becomes square: `crop` scales the shorter side and keeps the middle, `squash` changes the proportions. */
export type Fit = 'crop' | 'squash';

/** How a model wants its pictures; the `preprocessing` of a config.json. */
export interface PreprocessSpec {
  /** Side of the square the model sees, pixels. */
  readonly size: number;
  readonly fit: Fit;
  readonly interpolation: 'bilinear';
  readonly antialias: true;
  /** Per colour, in units of 0 … 1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * The `size` × `size` picture the model sees, by antialiased bilinear resizing. With `crop` the longer side is rounded
 * to whole pixels (halves to even) and the square begins at the whole pixel before the middle.
 * A picture that already is `size` × `size` comes back with the same values.
 */
export function fitSquare(picture: Rgba, size: number, fit: Fit): Rgba {
  if (fit === 'squash') return resample(picture, size, size);
  const scale = size / Math.min(picture.width, picture.height);
  const width = Math.max(size, roundHalfEven(picture.width * scale));
  const height = Math.max(size, roundHalfEven(picture.height * scale));
  const left = Math.floor((width - size) / 2);
  const top = Math.floor((height - size) / 2);
  return resample(picture, width, height, { left, top, width: size, height: size });
}

/**
 * The model's input of a picture: fitted to the square, scaled to 0 … 1, then `(value − mean) / std`.
 * @returns `[3, size, size]`, one plane a colour
 */
export function preprocess(picture: Rgba, spec: PreprocessSpec): Float32Array {
  const square = fitSquare(picture, spec.size, spec.fit);
  const plane = spec.size * spec.size;
  const out = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const mean = spec.mean[channel]!;
    const std = spec.std[channel]!;
    for (let i = 0; i < plane; i++)
      out[channel * plane + i] = (square.data[i * 4 + channel]! / 255 - mean) / std;
  }
  return out;
}

/** The picture of an input `[3, size, size]`: `preprocess` undone, values outside 0 … 255 clamped. */
export function unpreprocess(x: Float32Array, spec: Pick<PreprocessSpec, 'size' | 'mean' | 'std'>): Rgba {
  const plane = spec.size * spec.size;
  const data = new Uint8ClampedArray(plane * 4);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) data[i * 4 + c] = (x[c * plane + i]! * spec.std[c]! + spec.mean[c]!) * 255;
    data[i * 4 + 3] = 255;
  }
  return { width: spec.size, height: spec.size, data };
}

/** Python's `round`. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
