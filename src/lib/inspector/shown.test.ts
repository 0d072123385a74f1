import { describe, expect, it } from 'vitest';
import { isCell, valueAt } from './shown.ts';

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
