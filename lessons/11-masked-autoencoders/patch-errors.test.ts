import { describe, expect, it } from 'vitest';
import { straightLines } from './interpolate.ts';
import { neighbourCorrelation } from './neighbours.ts';
import {
  denormalisedPatches,
  flatShare,
  meanWhere,
  normalisedPatches,
  patchErrors,
  patchStats,
} from './patch-errors.ts';

const form = { image: 6, patch: 2, channels: 2 };
const wave = Float32Array.from({ length: 72 }, (_, i) => Math.sin(1.7 * i) + 0.1 * i);

describe('errors and statistics of patches', () => {
  it('the error of a patch is the mean over its pixels and channels', () => {
    const other = wave.slice();
    // Pixel (2, 3) of the second channel lies in patch 4.
    other[36 + 2 * 6 + 3]! += 4;
    const errors = patchErrors(wave, other, form);
    expect(errors[4]).toBeCloseTo(16 / 8, 4);
    expect(errors.filter((e) => e !== 0)).toHaveLength(1);
  });
  it('a normalised patch has mean 0 and variance 1, and is given back what it had', () => {
    const stats = patchStats(wave, form);
    const normalised = normalisedPatches(wave, form, stats);
    const again = patchStats(normalised, form);
    for (let n = 0; n < 9; n++) {
      expect(again.mean[n]).toBeCloseTo(0, 5);
      expect(again.std[n]).toBeCloseTo(1, 4);
    }
    const back = denormalisedPatches(normalised, form, stats);
    back.forEach((v, i) => expect(v).toBeCloseTo(wave[i]!, 5));
  });
  it('a patch of one colour is divided by a thousandth, not by 0', () => {
    const flat = new Float32Array(72).fill(0.3);
    expect(patchStats(flat, form).std[0]).toBeCloseTo(1e-3, 6);
    expect([...normalisedPatches(flat, form)].every((v) => Math.abs(v) < 1e-3)).toBe(true);
  });
  it('means are of the chosen ones; of none there is no mean', () => {
    expect(meanWhere([1, 2, 6], (i) => i > 0)).toBe(4);
    expect(meanWhere([1, 2], () => false)).toBeUndefined();
  });
  it('the flatter half is the one of the smaller deviations', () => {
    expect(flatShare([1, 8, 1, 2], [0.1, 0.9, 0.2, 0.5], [0, 1, 2, 3])).toBeCloseTo(2 / 12);
    expect(flatShare([1], [1], [])).toBeUndefined();
  });
});

describe('straight lines', () => {
  const ramp = (image: number, of: (row: number, column: number) => number) =>
    Float32Array.from({ length: image * image }, (_, i) => of(Math.floor(i / image), i % image));
  it('between seen pixels on both sides a slope is met exactly', () => {
    const x = ramp(9, (r, c) => 2 * r - 3 * c);
    const middle = Array.from({ length: 9 }, (_, n) => n === 4);
    const out = straightLines(x, middle, { image: 9, patch: 3, channels: 1 });
    out.forEach((v, i) => expect(v).toBeCloseTo(x[i]!, 5));
  });
  it('at the edge the nearest seen pixel is all there is', () => {
    const x = ramp(4, (r, c) => c);
    // Both patches at the right are hidden: each row has the pixel of column 1 alone.
    const out = straightLines(x, [false, true, false, true], { image: 4, patch: 2, channels: 1 });
    expect([out[2], out[3], out[14]]).toEqual([1, 1, 1]);
  });
  it('without a seen pixel in row and column it is the mean of what is seen; with none at all 0', () => {
    const x = ramp(4, (r, c) => (r < 2 && c < 2 ? 5 : 9));
    const out = straightLines(x, [false, true, true, true], { image: 4, patch: 2, channels: 1 });
    expect(out[15]).toBe(5);
    expect([...straightLines(x, [true, true, true, true], { image: 4, patch: 2, channels: 1 })]).toEqual(
      Array(16).fill(0),
    );
  });
});

describe('correlation of neighbours', () => {
  it('is 1 in a slope’s direction, −1 from stripe to stripe, about 0 in noise', () => {
    const side = 32;
    const picture = (of: (r: number, c: number) => number) =>
      Float32Array.from({ length: side * side }, (_, i) => of(Math.floor(i / side), i % side));
    expect(
      neighbourCorrelation(
        picture((r, c) => r + c),
        side,
        1,
      ),
    ).toBeCloseTo(1, 5);
    expect(
      neighbourCorrelation(
        picture((r, c) => (r + c) % 2),
        side,
        1,
      ),
    ).toBeCloseTo(-1, 5);
    expect(
      neighbourCorrelation(
        picture((r, c) => (r + c) % 2),
        side,
        2,
      ),
    ).toBeCloseTo(1, 5);
    const noise = picture((r, c) => (Math.sin(12.9898 * r * r + 78.233 * c * c + r * c) * 43758.5453) % 1);
    expect(Math.abs(neighbourCorrelation(noise, side, 3))).toBeLessThan(0.1);
  });
  it('a picture of one colour tells all of itself', () => {
    expect(neighbourCorrelation(new Float32Array(64), 8, 2)).toBe(1);
  });
});
