import { describe, expect, it } from 'vitest';
import { sincos2d } from '#lib/models/shared/positions.ts';
import { column, meanRows, similarityRow, unitRows } from './similarity.ts';

describe('cosines between rows', () => {
  it('are 1 with the row itself, −1 with its opposite, 0 at a right angle and with a row of zeros', () => {
    const unit = unitRows([3, 4, -6, -8, 8, -6, 0, 0], 2);
    const cosines = [...similarityRow(unit, 2, 0)];
    expect(cosines).toEqual([1, -1, 0, 0].map((v) => expect.closeTo(v, 6)));
  });

  it('of the sine and cosine table fall with the distance along a row and are the same everywhere', () => {
    const unit = unitRows(sincos2d(7, 7, 192), 192);
    const centre = similarityRow(unit, 192, 24);
    expect(centre[24]).toBeCloseTo(1, 5);
    expect(centre[25]!).toBeGreaterThan(centre[26]!);
    expect(centre[26]!).toBeGreaterThan(centre[27]!);
    // sin a sin b + cos a cos b = cos(a − b): only the distance counts.
    expect(similarityRow(unit, 192, 8)[9]).toBeCloseTo(centre[25]!, 5);
    expect(centre[23]).toBeCloseTo(centre[25]!, 5);
  });
});

it('takes columns and means of rows', () => {
  const table = [1, 2, 3, 4, 5, 6];
  expect([...column(table, 2, 1)]).toEqual([2, 4, 6]);
  expect([...meanRows(table, 2)]).toEqual([3, 4]);
  expect([...meanRows(table, 2, 1)]).toEqual([4, 5]);
});
