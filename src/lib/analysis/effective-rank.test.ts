import { describe, expect, it } from 'vitest';
import { effectiveRank } from './effective-rank.ts';

describe('the effective rank', () => {
  it('is 1 where all rows are one, whatever their lengths and signs', () => {
    expect(effectiveRank([1, 2, 2, -2, -4, -4, 0.5, 1, 1], 3)).toBeCloseTo(1, 10);
  });

  it('is the width where all directions count alike', () => {
    expect(effectiveRank([1, 0, 0, 0, 1, 0, 0, 0, -1], 3)).toBeCloseTo(3, 10);
    expect(effectiveRank([1, 1, 1, -1], 2)).toBeCloseTo(2, 10);
  });

  it('lies between, by the singular values: 3 and 1 are shares of 3/4 and 1/4', () => {
    const entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));
    expect(effectiveRank([3, 0, 0, 1], 2)).toBeCloseTo(Math.exp(entropy), 10);
    // Turned by 30° it is the same.
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    expect(effectiveRank([3 * c, 3 * s, -s, c], 2)).toBeCloseTo(Math.exp(entropy), 10);
  });

  it('refuses what is no table, and has no answer for zeros', () => {
    expect(() => effectiveRank([1, 2, 3], 2)).toThrow(RangeError);
    expect(() => effectiveRank([], 2)).toThrow(RangeError);
    expect(effectiveRank([0, 0], 2)).toBeNaN();
  });
});
