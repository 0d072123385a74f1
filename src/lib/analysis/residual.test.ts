import { describe, expect, it } from 'vitest';
import { cosines, moments, norms, spread } from './residual.ts';

describe('norms and cosines', () => {
  const table = [3, 4, 0, 0, -1, 0];
  it('are taken row by row', () => {
    expect([...norms(table, 2)]).toEqual([5, 0, 1]);
    expect([...norms(table, 3)]).toEqual([5, 1]);
  });
  it('compare a row with the same row of the reference, whatever their lengths', () => {
    const cos = cosines([3, 4, 2, 0, -1, 0], [6, 8, 0, 5, 7, 0], 2);
    expect(cos[0]).toBeCloseTo(1, 14);
    expect(cos[1]).toBeCloseTo(0, 14);
    expect(cos[2]).toBeCloseTo(-1, 14);
  });
  it('of a zero row is no number', () => {
    expect(cosines(table, table, 2)[1]).toBeNaN();
  });
  it('refuse what is no table', () => {
    expect(() => norms(table, 4)).toThrow('6 values are no rows of 4');
    expect(() => cosines(table, [1, 2], 2)).toThrow('6 and 2 values');
  });
});

describe('moments', () => {
  it('divide by n, as LayerNorm does', () => {
    expect(moments([1, 2, 3, 4])).toEqual({ mean: 2.5, variance: 1.25 });
  });
  it('keep their digits beside a large mean', () => {
    expect(moments([1e8 + 1, 1e8 - 1]).variance).toBe(1);
  });
});

describe('spread', () => {
  it('interpolates between neighbours, in any order', () => {
    expect(spread([4, 0, 2, 1, 3])).toEqual({ low: 0.4, middle: 2, high: 3.6 });
    expect(spread([7])).toEqual({ low: 7, middle: 7, high: 7 });
  });
  it('of nothing is no number', () => {
    expect(spread([]).middle).toBeNaN();
  });
});
