import { describe, expect, it } from 'vitest';
import { chainStep, foldNoise } from './forward.ts';
import { normals } from './noise.ts';
import { inSteps, vpProcess } from './process.ts';
import { crossing, schedule, SCHEDULES } from './schedules.ts';

const tables = [...SCHEDULES.map((name) => schedule(name)), inSteps(vpProcess(), 1000)];

describe.each(tables)('$name: the chain in one jump', (table) => {
  it('gives the chain’s own picture at every index, from noise that has folded into one', () => {
    const x0 = Float64Array.of(-1, -0.25, 0, 0.7, 1);
    let x = x0;
    let folded = new Float64Array(x0.length);
    let farthest = 0;
    for (let n = 0; n < table.steps; n++) {
      const eps = normals(3, n * x0.length, x0.length, 2);
      x = chainStep(table, n, x, eps);
      folded = foldNoise(table, n, folded, eps);
      const bar = table.alphasCumprod[n]!;
      x.forEach((v, i) => {
        const jump = Math.sqrt(bar) * x0[i]! + Math.sqrt(1 - bar) * folded[i]!;
        farthest = Math.max(farthest, Math.abs(jump - v));
      });
    }
    expect(farthest).toBeLessThan(1e-11);
  });

  it('keeps the folded noise at variance 1', () => {
    // Var ε̄ follows the same recursion with squared factors.
    let variance = 0;
    for (let n = 0; n < table.steps; n++) {
      const before = n === 0 ? 1 : table.alphasCumprod[n - 1]!;
      const beta = table.betas[n]!;
      variance = ((1 - beta) * (1 - before) * variance + beta) / (1 - table.alphasCumprod[n]!);
      expect(variance).toBeCloseTo(1, 9);
    }
  });
});

it('refuses an index the schedule does not have', () => {
  const x = new Float64Array(1);
  expect(() => foldNoise(schedule('linear'), 1000, x, x)).toThrow(RangeError);
});

describe('a continuous process in steps', () => {
  it('has the process’s own ᾱ at every index', () => {
    const p = vpProcess();
    const table = inSteps(p, 1000);
    for (const n of [0, 99, 499, 999])
      expect(table.alphasCumprod[n]! / p.alphaBar((n + 1) / 1000)).toBeCloseTo(1, 9);
    expect(() => inSteps(p, 0)).toThrow(RangeError);
  });
});

describe('crossing', () => {
  it('finds the first index at or below a signal-to-noise ratio', () => {
    expect(crossing(schedule('linear'), 1)).toBe(259);
    expect(crossing(schedule('linear'), 5)).toBe(130);
    expect(crossing(schedule('linear'), 1e-9)).toBe(1000);
  });
});
