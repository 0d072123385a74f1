import { describe, expect, it } from 'vitest';
import { boxText, boxValues, cellsOf, difference, withBatch, boxWithoutBatch } from './box.ts';

const data = Float32Array.from({ length: 24 }, (_, i) => i);
const tensor = { name: 't', shape: [2, 3, 4], dims: ['h', 'T', 'd'], data };

describe('boxes of cells', () => {
  it('read their values row by row', () => {
    expect([
      ...boxValues(tensor, [
        [1, 2],
        [0, 3],
        [2, 4],
      ])!,
    ]).toEqual([14, 15, 18, 19, 22, 23]);
    expect([
      ...boxValues(tensor, [
        [0, 2],
        [1, 2],
        [0, 1],
      ])!,
    ]).toEqual([4, 16]);
    expect(
      boxValues(tensor, [
        [0, 3],
        [0, 3],
        [0, 4],
      ]),
    ).toBeUndefined();
    expect(boxValues(tensor, [[0, 2]])).toBeUndefined();
    expect([...boxValues({ shape: [], data: Float32Array.of(7) }, [])!]).toEqual([7]);
  });

  it('are written as in Python', () => {
    expect(
      boxText(
        [
          [1, 2],
          [0, 3],
          [2, 4],
        ],
        tensor.shape,
      ),
    ).toBe('[1, :, 2:4]');
    expect(
      cellsOf([
        [1, 2],
        [0, 3],
        [2, 4],
      ]),
    ).toBe(6);
  });

  it('lose and regain a batch of one', () => {
    expect(
      boxWithoutBatch(
        [
          [0, 1],
          [2, 3],
        ],
        ['B', 'D'],
        [1, 8],
      ),
    ).toEqual([[2, 3]]);
    expect(
      boxWithoutBatch(
        [
          [0, 1],
          [2, 3],
        ],
        ['1', 'D'],
        [1, 8],
      ),
    ).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(withBatch([5], ['B', 'D'], [1, 8])).toEqual([0, 5]);
    expect(withBatch([5], ['D'], [8])).toEqual([5]);
  });
});

describe('the difference of two runs', () => {
  it('is taken cell by cell, between equal shapes only', () => {
    const other = { ...tensor, data: data.map((v) => v + 2) };
    expect(difference(tensor, other)?.data.every((v) => v === -2)).toBe(true);
    expect(difference(tensor, { ...tensor, shape: [3, 2, 4] })).toBeUndefined();
  });

  it('keeps NaN', () => {
    expect(difference(tensor, { ...tensor, data: data.map(() => NaN) })?.data.every(Number.isNaN)).toBe(true);
  });
});
