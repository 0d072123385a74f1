import { resample } from './resample.ts';
import type { Rgba } from './rgba.ts';

/** How a picture is fitted: `crop` scales it to cover the model's and keeps the middle, `squash` changes the proportions. */
export type Fit = 'crop' | 'squash';

/** Side of a square in pixels, or height and width. */
export type Size = number | readonly [height: number, width: number];

/** Height and width. */
export function sidesOf(size: Size): readonly [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : size;
}

/** How a model wants its pictures; the `preprocessing` of a config.json. */
export interface PreprocessSpec {
  /** What the model sees, pixels: the side of a square, or height and width. */
  readonly size: Size;
  readonly fit: Fit;
  readonly interpolation: 'bilinear';
  readonly antialias: true;
  /** Per colour, in units of 0 … 1; one number alone for a model that sees shades of grey. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * The picture of that size the model sees, by antialiased bilinear resizing. With `crop` the side that reaches beyond is
 * rounded to whole pixels (halves to even) and the window begins at the whole pixel before the middle.
 * A picture that already is of that size comes back with the same values.
 */
export function fitPicture(picture: Rgba, size: Size, fit: Fit): Rgba {
  const [tall, wide] = sidesOf(size);
  if (fit === 'squash') return resample(picture, wide, tall);
  const scale = Math.max(wide / picture.width, tall / picture.height);
  const width = Math.max(wide, roundHalfEven(picture.width * scale));
  const height = Math.max(tall, roundHalfEven(picture.height * scale));
  const left = Math.floor((width - wide) / 2);
  const top = Math.floor((height - tall) / 2);
  return resample(picture, width, height, { left, top, width: wide, height: tall });
}

/** Shares of red, green and blue in a shade of grey (ITU-R BT.601, as Pillow's mode `L`). */
const LUMA = [0.299, 0.587, 0.114] as const;

/**
 * The model's input of a picture: fitted, scaled to 0 … 1, then `(value − mean) / std`.
 * @returns `[C, height, width]`, one plane a colour; C is 3, or 1 where `mean` is one number
 */
export function preprocess(picture: Rgba, spec: PreprocessSpec): Float32Array {
  const { data } = fitPicture(picture, spec.size, spec.fit);
  const [height, width] = sidesOf(spec.size);
  const plane = height * width;
  const channels = spec.mean.length;
  const out = new Float32Array(channels * plane);
  for (let channel = 0; channel < channels; channel++) {
    const mean = spec.mean[channel]!;
    const std = spec.std[channel]!;
    for (let i = 0; i < plane; i++) {
      const value = channels === 1 ? grey(data, i * 4) : data[i * 4 + channel]!;
      out[channel * plane + i] = (value / 255 - mean) / std;
    }
  }
  return out;
}

function grey(rgba: Uint8ClampedArray, at: number): number {
  return LUMA[0] * rgba[at]! + LUMA[1] * rgba[at + 1]! + LUMA[2] * rgba[at + 2]!;
}

/** The picture of an input `[3, height, width]`: `preprocess` undone, values outside 0 … 255 clamped. */
export function unpreprocess(x: Float32Array, spec: Pick<PreprocessSpec, 'size' | 'mean' | 'std'>): Rgba {
  const [height, width] = sidesOf(spec.size);
  const plane = height * width;
  const data = new Uint8ClampedArray(plane * 4);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) data[i * 4 + c] = (x[c * plane + i]! * spec.std[c]! + spec.mean[c]!) * 255;
    data[i * 4 + 3] = 255;
  }
  return { width, height, data };
}

/** Python's `round`. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
