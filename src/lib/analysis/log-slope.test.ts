import { expect, it } from 'vitest';
import { logSlope } from './log-slope.ts';

it('is the power that a curve grows with', () => {
  expect(logSlope([2, 5 * 2 ** 3], [8, 5 * 8 ** 3])).toBeCloseTo(3, 12);
  expect(logSlope([4, 10], [8, 10])).toBe(0);
});
it('is none of one place, and of what has no logarithm', () => {
  expect(logSlope([4, 10], [4, 12])).toBeUndefined();
  expect(logSlope([1, 0], [2, 4])).toBeUndefined();
  expect(logSlope([-1, 2], [2, 4])).toBeUndefined();
});
