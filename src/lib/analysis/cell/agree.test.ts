import { expect, it } from 'vitest';
import { digitsAlike } from './agree.ts';

it('finds the digits in which two numbers are printed alike', () => {
  expect(digitsAlike(23.31784, 23.31784)).toBe(6);
  expect(digitsAlike(23.31784, 23.31776)).toBe(6);
  expect(digitsAlike(23.3178, 23.3174)).toBe(4);
  expect(digitsAlike(0.123449, 0.123451)).toBe(5);
  expect(digitsAlike(1.24, 1.25)).toBeUndefined();
  expect(digitsAlike(1e-9, -1e-9)).toBeUndefined();
  expect(digitsAlike(NaN, NaN)).toBe(6);
});
