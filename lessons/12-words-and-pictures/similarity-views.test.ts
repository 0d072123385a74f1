import { expect, it } from 'vitest';
import { contrastiveLoss, similarityMatrix, type Matrix } from '#lib/analysis/contrast.ts';
import { SHOWS } from './choices.ts';
import { colourRange, lossGradient, scaled, shownMatrix, withRows } from './similarity-views.ts';

const wave = (n: number, k: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(k + 1.7 * i));
const square = (n: number): Matrix => ({ rows: n, columns: n, data: wave(n * n, 0.3) });

it('the gradient is how the loss changes: differences of the loss itself', () => {
  const logits = scaled(square(4), 3);
  const gradient = lossGradient(logits).data;
  const step = 1e-5;
  Array.from(gradient).forEach((slope, i) => {
    const moved = (by: number) =>
      contrastiveLoss({ ...logits, data: Float64Array.from(logits.data, (v, k) => (k === i ? v + by : v)) })
        .loss;
    expect((moved(step) - moved(-step)) / (2 * step)).toBeCloseTo(slope, 7);
  });
});

it('only pairs have a gradient', () => {
  expect(() => lossGradient(similarityMatrix(wave(6, 1), wave(4, 2), 2))).toThrow(RangeError);
});

it('rows in another order are the loss of another assignment: two swapped texts make it rise', () => {
  const good: Matrix = { rows: 3, columns: 3, data: [5, 0, 1, 0, 6, 1, 1, 0, 4] };
  const swapped = withRows(good, [1, 0, 2]);
  expect([...Array.from(swapped.data)]).toEqual([0, 6, 1, 5, 0, 1, 1, 0, 4]);
  expect(contrastiveLoss(swapped).loss).toBeGreaterThan(contrastiveLoss(good).loss + 3);
});

it('what is shown lies in the range that is printed', () => {
  const cosines: Matrix = { rows: 3, columns: 3, data: wave(9, 0.1) };
  for (const show of SHOWS) {
    const shown = shownMatrix(cosines, show, 40);
    const [low, high] = colourRange(shown.data, show, 40);
    for (const value of Array.from(shown.data)) {
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
    }
  }
  const sums = (show: 'rows' | 'columns', at: (i: number, k: number) => number) =>
    [0, 1, 2].map((i) =>
      [0, 1, 2].reduce((sum, k) => sum + shownMatrix(cosines, show, 40).data[at(i, k)]!, 0),
    );
  sums('rows', (i, k) => 3 * i + k).forEach((sum) => expect(sum).toBeCloseTo(1, 12));
  sums('columns', (i, k) => 3 * k + i).forEach((sum) => expect(sum).toBeCloseTo(1, 12));
});
