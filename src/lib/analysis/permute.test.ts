import { describe, expect, it } from 'vitest';
import { inverse, maxDifference, permutation, shufflePatches, tokenOrder } from './permute.ts';

describe('a seeded permutation', () => {
  it('holds every entry once and depends on the seed alone', () => {
    for (const n of [0, 1, 2, 49, 196]) {
      expect([...permutation(n, 5)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(permutation(n, 5)).toEqual(permutation(n, 5));
    }
    expect(permutation(196, 1)).not.toEqual(permutation(196, 2));
  });

  it('gives every order of three about equally often', () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 1200; seed++) {
      const key = permutation(3, seed).join('');
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const n of seen.values()) expect(Math.abs(n - 200)).toBeLessThan(60);
  });

  it('is undone by its inverse', () => {
    const order = permutation(50, 9);
    const back = inverse(order);
    for (let i = 0; i < 50; i++) expect(back[order[i]!]).toBe(i);
  });
});

describe('shuffled patches', () => {
  const size = 5;
  const data = Float32Array.from({ length: 3 * size * size }, (_, i) => i);

  it('puts patch order[i] at place i and leaves what lies in no patch', () => {
    const out = shufflePatches({ size, data }, 2, [3, 0, 1, 2]);
    // Place 0 holds patch 3, whose corner is (2, 2); place 1 holds patch 0.
    for (let c = 0; c < 3; c++) {
      const at = (r: number, k: number) => (c * size + r) * size + k;
      expect(out[at(0, 0)]).toBe(data[at(2, 2)]);
      expect(out[at(1, 1)]).toBe(data[at(3, 3)]);
      expect(out[at(0, 2)]).toBe(data[at(0, 0)]);
      expect(out[at(2, 0)]).toBe(data[at(0, 2)]);
      expect(out[at(4, 4)]).toBe(data[at(4, 4)]);
    }
    expect([...out].sort((a, b) => a - b)).toEqual([...data]);
  });

  it('comes back with the inverse order, and refuses an order of another length', () => {
    const order = permutation(4, 3);
    const there = shufflePatches({ size, data }, 2, order);
    expect(shufflePatches({ size, data: there }, 2, inverse(order))).toEqual(data);
    expect(() => shufflePatches({ size, data }, 2, [0, 1, 2])).toThrow(RangeError);
  });
});

describe('the largest difference', () => {
  const a = [1, 2, 3, 4, 5, 6];
  it('compares rows in the order given', () => {
    expect(maxDifference(a, a, 2)).toBe(0);
    expect(maxDifference(a, [3, 4, 5, 6, 1, 2.5], 2, [2, 0, 1])).toBe(0.5);
    expect(maxDifference([...a], [1, 2, 3, 4, 5, -6], 3)).toBe(12);
  });
  it('has no number for tables that cannot be compared', () => {
    expect(maxDifference(a, [1, 2], 2)).toBeNaN();
    expect(maxDifference(a, a, 2, [0, 1])).toBeNaN();
    expect(maxDifference([1, NaN], [1, 1], 1)).toBeNaN();
  });
  it('leaves the class token at its place', () => expect([...tokenOrder([2, 0, 1])]).toEqual([0, 3, 1, 2]));
});
