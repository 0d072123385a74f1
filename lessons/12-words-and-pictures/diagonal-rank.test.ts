import { expect, it } from 'vitest';
import type { Matrix } from '#lib/analysis/contrast.ts';
import { diagonalRank } from './diagonal-rank.ts';

const identity = (n: number, scale: number): Matrix => ({
  rows: n,
  columns: n,
  data: Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? scale : 0)),
});

it('a diagonal that stands out is first everywhere, and the scale moves only the shares and the loss', () => {
  const [sharp, flat] = [diagonalRank(identity(100, 50)), diagonalRank(identity(100, 0.5))];
  expect([sharp.first, sharp.place, flat.first, flat.place]).toEqual([1, 1, 1, 1]);
  expect(sharp.share).toBeGreaterThan(0.999);
  expect(flat.share).toBeLessThan(0.02);
  expect(flat.loss).toBeGreaterThan(0.85 * Math.log(100));
});

it('names that are all the same vector find by chance', () => {
  const row = [0.1, 0.5, 0.3, 0.9];
  const equal: Matrix = { rows: 4, columns: 4, data: [...row, ...row, ...row, ...row] };
  // One of the four has its own picture at the top.
  expect(diagonalRank(equal)).toMatchObject({ first: 0.25, place: 2.5 });
  const tied = diagonalRank({ rows: 10, columns: 10, data: new Float64Array(100).fill(3) });
  expect([tied.first, tied.place]).toEqual([expect.closeTo(0.1, 12), 5.5]);
  expect(tied.loss).toBeCloseTo(Math.log(10), 12);
});
