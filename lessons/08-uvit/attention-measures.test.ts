import { describe, expect, it } from 'vitest';
import { colouredRange } from './attention-measures.ts';

describe('the range that colours cover', () => {
  const steps = [
    [0.2, 0.4, NaN],
    [0.3, 0.1, 0.5],
  ];
  it('begins at 0 for weights that patches give, at the least value otherwise', () => {
    expect(colouredRange(steps, 'to-time')[0]).toBe(0);
    expect(colouredRange(steps, 'from-time')[0]).toBe(0.1);
    expect(colouredRange(steps, 'distance')[0]).toBe(0.1);
  });
  it('ends at the 99th percentile: one loud head leaves the others their colours', () => {
    const many = [[...Array.from({ length: 999 }, (_, i) => i / 1000), 50]];
    const [, high] = colouredRange(many, 'to-label');
    expect(high).toBeGreaterThan(0.98);
    expect(high).toBeLessThan(1);
  });
  it('is 0 to 1 before anything is measured', () => {
    expect(colouredRange([], 'distance')).toEqual([0, 1]);
  });
});
