import { expect, it } from 'vitest';
import { jointMaps, spaceMaps } from './token-maps.ts';

const tensor = (shape: readonly number[]) => {
  const length = shape.reduce((a, b) => a * b, 1);
  return { name: 'p', shape, dims: shape.map(String), data: Float32Array.from({ length }, (_, i) => i) };
};

it('a row of all tokens falls into the class token and a map for each time', () => {
  // Two heads, 1 + 2 · 3 tokens: head 1, tubelet 4 is row 5.
  const maps = jointMaps(tensor([2, 7, 7]), { times: 2, places: 3 }, { head: 1, token: 4 });
  const row = 49 + 35;
  expect(maps.cls).toBe(row);
  expect(maps.times.map((m) => [...m])).toEqual([
    [row + 1, row + 2, row + 3],
    [row + 4, row + 5, row + 6],
  ]);
  expect(maps.shares).toEqual([3 * row + 6, 3 * row + 15]);
  expect(jointMaps(tensor([2, 7, 7]), { times: 2, places: 3 }, { head: 0, token: undefined }).cls).toBe(0);
});

it('within each time the same place asks', () => {
  // Two times, two heads, 1 + 3 tokens: tubelet 4 is place 1, row 2.
  const maps = spaceMaps(tensor([2, 2, 4, 4]), { times: 2, places: 3 }, { head: 1, token: 4 });
  const rows = [16 + 8, 32 + 16 + 8];
  expect(maps.times.map((m) => m[0])).toEqual(rows.map((row) => row + 1));
  expect(maps.cls).toBe((rows[0]! + rows[1]!) / 2);
});
