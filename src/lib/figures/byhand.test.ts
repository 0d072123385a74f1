import { describe, expect, it } from 'vitest';
import { moments } from '#lib/analysis/residual.ts';
import { geluOf, normalBelow, normSteps, quietInputs } from './byhand.ts';

describe('LayerNorm by hand', () => {
  const x = Array.from({ length: 50 }, (_, i) => 3 + Math.sin(i * 1.3) * (1 + i / 20));
  const ones = x.map(() => 1);
  const zeros = x.map(() => 0);
  it('gives mean 0 and variance 1 before the learned scale', () => {
    const { normal, result } = normSteps(x, ones, zeros, 0);
    const { mean, variance } = moments(normal);
    expect(mean).toBeCloseTo(0, 6);
    expect(variance).toBeCloseTo(1, 6);
    expect([...result]).toEqual([...normal]);
  });
  it('does not change when the row is scaled and shifted', () => {
    const a = normSteps(x, ones, zeros, 0).normal;
    const b = normSteps(
      x.map((v) => 7 * v - 100),
      ones,
      zeros,
      0,
    ).normal;
    a.forEach((v, i) => expect(b[i]).toBeCloseTo(v, 5));
  });
  it('scales and shifts each feature', () => {
    const { normal, result } = normSteps(
      x,
      x.map((_, i) => i),
      x.map((_, i) => -i),
      1e-6,
    );
    result.forEach((v, i) => expect(v).toBeCloseTo(normal[i]! * i - i, 4));
  });
  it('of a constant row is β, thanks to ε', () => {
    const { normal, result, divisor } = normSteps([5, 5, 5], [2, 2, 2], [1, 2, 3], 1e-6);
    expect(divisor).toBeCloseTo(1e-3, 12);
    expect([...normal]).toEqual([0, 0, 0]);
    expect([...result]).toEqual([1, 2, 3]);
  });
  it('refuses rows that do not fit', () => {
    expect(() => normSteps([1, 2], [1], [0, 0], 0)).toThrow('2 values, 1 scales and 2 shifts');
  });
});

describe('GELU', () => {
  // torch.nn.functional.gelu in float64
  it('agrees with PyTorch', () => {
    for (const [x, y] of [
      [-6, -5.919525e-9],
      [-3, -0.004049694],
      [-1, -0.1586552539],
      [-0.5, -0.1542687694],
      [0, 0],
      [0.5, 0.3457312306],
      [1, 0.8413447461],
      [3, 2.9959503059],
      [9, 9],
    ] as const)
      expect(Math.abs(geluOf(x) - y)).toBeLessThan(1e-9 * Math.max(1, Math.abs(y)) + 6e-10);
  });
  it('weighs by a share between 0 and 1 that grows', () => {
    for (let x = -9; x < 9; x += 0.25) {
      expect(normalBelow(x)).toBeGreaterThanOrEqual(0);
      expect(normalBelow(x + 0.25)).toBeGreaterThanOrEqual(normalBelow(x));
    }
  });
  it('is nearer to 0 than a bound exactly outside two stretches', () => {
    const [a, b, c] = quietInputs(0.1);
    for (let x = -6; x < 4; x += 0.0101) {
      const quiet = x < a || (x > b && x < c);
      expect(Math.abs(geluOf(x)) < 0.1, String(x)).toBe(quiet);
    }
  });
});
