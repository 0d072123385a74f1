import { describe, expect, it } from 'vitest';
import { around, placeAt, placeTowards } from './map-places.ts';

//   2
// 3 0 1 . 4
const PLACES = [0, 0, 1, 0, 0, -1, -1, 0, 3, 0];

describe('places of a map', () => {
  it('are found by the nearest, no farther than said, and among those that are shown', () => {
    expect(placeAt(PLACES, [0.9, 0.1], 0.5)).toBe(1);
    expect(placeAt(PLACES, [2, 0.1], 0.5)).toBeUndefined();
    expect(placeAt(PLACES, [0.9, 0.1], 1, (i) => i !== 1)).toBe(0);
    expect(placeAt([], [0, 0], 9)).toBeUndefined();
  });

  it('are gone over in the four directions, and not left at the edge', () => {
    expect(placeTowards(PLACES, 0, [1, 0])).toBe(1);
    expect(placeTowards(PLACES, 1, [1, 0])).toBe(4);
    expect(placeTowards(PLACES, 0, [0, -1])).toBe(2);
    expect(placeTowards(PLACES, 0, [-1, 0])).toBe(3);
    expect(placeTowards(PLACES, 3, [-1, 0])).toBe(3);
    expect(placeTowards(PLACES, 0, [1, 0], (i) => i !== 1)).toBe(4);
  });

  it('lie within the rectangle around them', () => {
    expect(around(PLACES, 0)).toEqual({ x: -1, y: -1, width: 4, height: 1 });
    expect(around(PLACES, 0.5)).toEqual({ x: -3, y: -1.5, width: 8, height: 2 });
  });
});
