import { describe, expect, it } from 'vitest';
import { paintedOf } from './painted.ts';

const form = { image: 4, patch: 2, channels: 2 };
const x = Float32Array.from({ length: 32 }, (_, i) => (i % 5) / 5 - 0.3);
const answer = Float32Array.from({ length: 32 }, (_, i) => (i % 7) / 7);
/** Patch of a value of a 2-channel 4×4 picture in 2×2 patches. */
const patchOf = (i: number) => 2 * Math.floor((i % 16) / 8) + Math.floor((i % 4) / 2);

describe('what an autoencoder paints', () => {
  it('keeps what was seen and takes the answer elsewhere', () => {
    const { seen, painted } = paintedOf(x, answer, [2], form);
    for (let i = 0; i < 32; i++) {
      expect(seen[i]).toBe(patchOf(i) === 2 ? x[i] : 0);
      expect(painted[i]).toBe(patchOf(i) === 2 ? x[i] : answer[i]);
    }
  });

  it('measures the masked pixels alone, beside the mean colour of the seen ones', () => {
    const { error, plain } = paintedOf(x, answer, [0, 3], form);
    let [sum, flat, n] = [0, 0, 0];
    const mean = [0, 1].map((c) => {
      const own = [...x.subarray(16 * c, 16 * c + 16)].filter((_, i) => [0, 3].includes(patchOf(i)));
      return own.reduce((a, b) => a + b, 0) / own.length;
    });
    for (let i = 0; i < 32; i++)
      if (![0, 3].includes(patchOf(i))) {
        sum += (answer[i]! - x[i]!) ** 2;
        flat += (mean[Math.floor(i / 16)]! - x[i]!) ** 2;
        n++;
      }
    expect(n).toBe(16);
    expect(error).toBeCloseTo(sum / n, 12);
    expect(plain).toBeCloseTo(flat / n, 6);
  });

  it('has no error where nothing is masked, and no colour where nothing is seen', () => {
    expect(paintedOf(x, answer, [0, 1, 2, 3], form)).toMatchObject({ error: undefined, plain: undefined });
    expect(paintedOf(x, answer, [], form).plain).toBeUndefined();
    expect(paintedOf(x, answer, [], form).error).toBeGreaterThan(0);
  });

  it('refuses what does not fit', () => {
    expect(() => paintedOf(x, answer.subarray(1), [0], form)).toThrow(RangeError);
    expect(() => paintedOf(x, answer, [0], { ...form, patch: 3 })).toThrow(RangeError);
  });
});
