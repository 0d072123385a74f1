import { describe, expect, it } from 'vitest';
import { correlation, meanCorrelation } from './correlation.ts';

describe('correlation', () => {
  it('is 1 for a row and the same one scaled and moved, −1 for its mirror', () => {
    expect(correlation([1, 2, 4], [12, 14, 18])).toBeCloseTo(1, 12);
    expect(correlation([1, 2, 4], [-1, -2, -4])).toBeCloseTo(-1, 12);
  });
  it('counts by hand', () => {
    // Deviations (−1, 0, 1) and (−1, 1, 0): 1 over √(2 · 2).
    expect(correlation([1, 2, 3], [0, 2, 1])).toBeCloseTo(0.5, 12);
  });
  it('is 0 beside a constant row', () => expect(correlation([1, 2, 3], [5, 5, 5])).toBe(0));
  it('has a mean over pairs', () => {
    // Pairs: 0.5, −1 and −0.5.
    const rows = [
      [1, 2, 3],
      [0, 2, 1],
      [3, 2, 1],
    ];
    expect(meanCorrelation(rows)).toBeCloseTo((0.5 - 1 - 0.5) / 3, 12);
    expect(meanCorrelation([[1, 2]])).toBeNaN();
  });
});
