import { describe, expect, it } from 'vitest';
import { normals } from '#lib/diffusion/math/noise.ts';
import { errorsOf, ksBound, ksToNormal, momentsOf, normalDensity, normalShare } from './gaussian.ts';

describe('momentsOf', () => {
  it('takes mean and unbiased variance, of what is left when something is taken away', () => {
    expect(momentsOf([1, 2, 3, 4])).toEqual({ count: 4, mean: 2.5, variance: 5 / 3 });
    expect(momentsOf([1, 2, 3, 4], (i) => i + 1)).toEqual({ count: 4, mean: 0, variance: 0 });
    expect(momentsOf([7]).variance).toBeNaN();
  });
  it('knows how far the moments of n normals stray', () => {
    expect(errorsOf(4, 100).mean).toBeCloseTo(0.2, 12);
    expect(errorsOf(4, 101).variance).toBeCloseTo(4 * Math.sqrt(0.02), 12);
  });
});

describe('the normal distribution', () => {
  it('has the tabulated density and share', () => {
    expect(normalDensity(0)).toBeCloseTo(0.3989422804, 9);
    expect(normalDensity(3, 1, 2)).toBeCloseTo(0.1209853623, 9);
    // Abramowitz and Stegun, table 26.1.
    expect(normalShare(1)).toBeCloseTo(0.841344746, 8);
    expect(normalShare(-1.96)).toBeCloseTo(0.024997895, 8);
    expect(normalShare(9)).toBe(1);
  });
});

describe('ksToNormal', () => {
  it('is the largest gap, from both sides of a step', () => {
    expect(ksToNormal([0])).toBeCloseTo(0.5, 9);
    // All mass above: the gap opens before the first value.
    expect(ksToNormal([1, 1])).toBeCloseTo(normalShare(1), 9);
    expect(ksToNormal([])).toBeNaN();
  });
  it('stays below its bound for seeded normals and not for shifted ones', () => {
    const z = normals(1, 0, 3072);
    expect(ksToNormal(z)).toBeLessThan(ksBound(3072));
    expect(ksToNormal(z.map((v) => v + 0.2))).toBeGreaterThan(ksBound(3072));
  });
});
