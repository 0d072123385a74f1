import { describe, expect, it } from 'vitest';
import type { Value } from '#lib/graph/index.ts';
import { isCell, shownShape, valueAt } from './shown.ts';

const value = (shape: number[], dims: string[]) =>
  ({ name: 'a', kind: 'node', shape, dims }) as unknown as Value;

describe('the shape that is shown', () => {
  it('leaves out a batch of one, and the dimension a part is taken along', () => {
    const scores = value([1, 3, 5, 5], ['B', 'h', 'T', 'T']);
    expect(shownShape(scores, 'a')).toEqual({ shape: [3, 5, 5], dims: ['h', 'T', 'T'] });
    expect(shownShape(scores, 'a[2]')).toEqual({ shape: [5, 5], dims: ['T', 'T'] });
    expect(shownShape(value([4, 2], ['h', 'T']), 'a[1]')).toEqual({ shape: [2], dims: ['T'] });
  });

  it('keeps a batch of several, and a shape that is nothing but a batch', () => {
    expect(shownShape(value([2, 5], ['B', 'T']), 'a').shape).toEqual([2, 5]);
    expect(shownShape(value([1], ['B']), 'a').shape).toEqual([1]);
    expect(shownShape(undefined, 'a').shape).toEqual([]);
  });
});

describe('a cell', () => {
  it('lies in the shape or does not', () => {
    expect(isCell([1, 2], [2, 3])).toBe(true);
    expect(isCell([2, 0], [2, 3])).toBe(false);
    expect(isCell([1], [2, 3])).toBe(false);
    expect(isCell([], [])).toBe(false);
  });

  it('has the value at its place, row-major', () => {
    const tensor = { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) };
    expect(valueAt(tensor, [1, 2])).toBe(5);
    expect(valueAt(tensor, [1])).toBeUndefined();
  });
});
