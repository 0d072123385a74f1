import { expect, it } from 'vitest';
import { EQUATOR, seenAt } from './collapse-globe.ts';

it('shows every point of the sphere within the circle, and turns about the axis', () => {
  for (const turn of [0, 40, 200]) {
    const { x, y, depth } = seenAt(0.6, 0, 0.8, turn);
    expect(x * x + y * y + depth * depth).toBeCloseTo(1, 12);
    // The poles stay where they are.
    expect(seenAt(0, 0, 1, turn)).toEqual(seenAt(0, 0, 1, 0));
  }
  expect(seenAt(0, 0, 1, 0).y).toBeLessThan(0);
  expect(seenAt(0, 1, 0, 0).depth).toBeGreaterThan(0.9);
  expect(seenAt(0, 1, 0, 180).depth).toBeLessThan(-0.9);
  expect(seenAt(0, 1, 0, 0).y).toBeCloseTo(EQUATOR, 12);
  expect(seenAt(1, 0, 0, 90).depth).toBeCloseTo(Math.cos(Math.asin(EQUATOR)), 12);
});
