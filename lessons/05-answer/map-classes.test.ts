import { expect, it } from 'vitest';
import { kindsOf, MOST_KINDS } from './map-classes.ts';

it('gives the classes with the most patches a letter, in their order', () => {
  const { kinds, cells, others } = kindsOf([7, 7, 3, 7, 3, 9]);
  expect(kinds.map((k) => [k.k, k.letter, k.count])).toEqual([
    [7, 'A', 3],
    [3, 'B', 2],
    [9, 'C', 1],
  ]);
  expect(cells).toEqual([0, 0, 1, 0, 1, 2]);
  expect(others).toBe(0);
});

it('has six colours and keeps one for the class that is asked about', () => {
  const winners = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 8];
  const plain = kindsOf(winners);
  expect(plain.kinds).toHaveLength(MOST_KINDS);
  expect(plain.others).toBe(3);
  const kept = kindsOf(winners, 8);
  expect(kept.kinds.map((k) => k.k)).toEqual([0, 1, 2, 3, 4, 8]);
  expect(kept.others).toBe(4);
  expect(kindsOf(winners, 99).kinds).toEqual(plain.kinds);
});

it('has nothing to say about no patches', () => {
  expect(kindsOf([])).toEqual({ kinds: [], cells: [], others: 0 });
});
