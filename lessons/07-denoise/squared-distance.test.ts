import { expect, it } from 'vitest';
import { meanOf, meanSquare } from './squared-distance.ts';

it('is smallest at the mean, and there it is the variance', () => {
  const points = [-0.9, -0.2, 0.1, 0.75];
  const mean = meanOf(points);
  const least = meanSquare(points, mean);
  for (let guess = -1; guess <= 1; guess += 0.01)
    // E(v − g)² = variance + (mean − g)².
    expect(meanSquare(points, guess)).toBeCloseTo(least + (mean - guess) ** 2, 12);
});
