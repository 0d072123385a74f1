import type { Rgba } from './rgba.ts';

/*
 * Antialiased bilinear resizing of 8-bit pictures: a triangle filter whose support grows with the shrinking factor, in
 * two passes, across and then down, with 8-bit values between and fixed-point weights of 22 bits. These are the rules
 * of Pillow's `Image.resize(…, BILINEAR)` (src/libImaging/Resample.c), which the training uses, so that a picture gives
 * the model the same numbers here and there. Pillow from 13 on goes down first for some shapes; the rounding between
 * the passes then differs, by one level of 255 at most.
 */

const PRECISION = 2 ** 22;

/** For each output sample, the first input sample and the weights, as integers out of 2²². */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Float64Array;
  readonly stride: number;
}

/** Weights of output samples `from` … `from + length − 1` when an axis of `input` samples is resized to `output`. */
function taps(input: number, output: number, from: number, length: number): Taps {
  const scale = input / output;
  const support = Math.max(scale, 1); // half the triangle's base, in input samples
  const narrow = 1 / support;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Float64Array(length * stride);
  for (let i = 0; i < length; i++) {
    const centre = (from + i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const high = Math.min(input, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let k = 0; k < high - low; k++) {
      const weight = Math.max(0, 1 - Math.abs((k + low - centre + 0.5) * narrow));
      weights[i * stride + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < high - low; k++) {
      weights[i * stride + k] = Math.floor((weights[i * stride + k]! / sum) * PRECISION + 0.5);
    }
    first[i] = low;
    count[i] = high - low;
  }
  return { first, count, weights, stride };
}

/** A rectangle of a resized picture. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * `picture` resized to `width` × `height`, of which only `window` is computed. Red, green and blue; alpha becomes 255
 * (pictures are laid on white when they are decoded).
 * @throws RangeError when the window lies outside the resized picture
 */
export function resample(picture: Rgba, width: number, height: number, window?: Window): Rgba {
  const w = window ?? { left: 0, top: 0, width, height };
  if (w.left < 0 || w.top < 0 || w.left + w.width > width || w.top + w.height > height) {
    throw new RangeError(`the window does not lie in ${width} × ${height}`);
  }
  const across = width === picture.width ? undefined : taps(picture.width, width, w.left, w.width);
  const down = height === picture.height ? undefined : taps(picture.height, height, w.top, w.height);
  // Rows of the input that the window needs.
  const top = down ? down.first[0]! : w.top;
  const bottom = down ? down.first[w.height - 1]! + down.count[w.height - 1]! : w.top + w.height;
  const rows = horizontal(picture, across, w, top, bottom);
  return vertical(rows, down, w, top);
}

function horizontal(picture: Rgba, t: Taps | undefined, w: Window, top: number, bottom: number): Rgba {
  const { data: from, width: stride } = picture;
  const to = new Uint8ClampedArray(w.width * (bottom - top) * 4);
  for (let y = top; y < bottom; y++) {
    let out = (y - top) * w.width * 4;
    if (!t) {
      const start = (y * stride + w.left) * 4;
      to.set(from.subarray(start, start + w.width * 4), out);
      continue;
    }
    for (let x = 0; x < w.width; x++, out += 4) {
      let at = (y * stride + t.first[x]!) * 4;
      let r = 0,
        g = 0,
        b = 0;
      for (let k = x * t.stride, end = k + t.count[x]!; k < end; k++, at += 4) {
        const weight = t.weights[k]!;
        r += weight * from[at]!;
        g += weight * from[at + 1]!;
        b += weight * from[at + 2]!;
      }
      write(to, out, r, g, b);
    }
  }
  return { width: w.width, height: bottom - top, data: to };
}

function vertical(rows: Rgba, t: Taps | undefined, w: Window, top: number): Rgba {
  const { data: from } = rows;
  const line = w.width * 4;
  const to = new Uint8ClampedArray(line * w.height);
  for (let y = 0; y < w.height; y++) {
    for (let x = 0; x < line; x += 4) {
      const out = y * line + x;
      if (!t) {
        write(to, out, from[out]! * PRECISION, from[out + 1]! * PRECISION, from[out + 2]! * PRECISION);
        continue;
      }
      let at = (t.first[y]! - top) * line + x;
      let r = 0,
        g = 0,
        b = 0;
      for (let k = y * t.stride, end = k + t.count[y]!; k < end; k++, at += line) {
        const weight = t.weights[k]!;
        r += weight * from[at]!;
        g += weight * from[at + 1]!;
        b += weight * from[at + 2]!;
      }
      write(to, out, r, g, b);
    }
  }
  return { width: w.width, height: w.height, data: to };
}

/** Sums of weights × values, rounded half up to 8 bits. */
function write(to: Uint8ClampedArray, at: number, r: number, g: number, b: number): void {
  to[at] = Math.floor(r / PRECISION + 0.5);
  to[at + 1] = Math.floor(g / PRECISION + 0.5);
  to[at + 2] = Math.floor(b / PRECISION + 0.5);
  to[at + 3] = 255;
}
