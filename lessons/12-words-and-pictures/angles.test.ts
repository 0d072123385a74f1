import { expect, it } from 'vitest';
import { anglePairs, cosinesAmong, degreesOf, nearestTo, oneHotCosines } from './angles.ts';

it('one-hot labels are all at a right angle: their cosines are the identity', () => {
  const { data } = oneHotCosines(5);
  expect([...Array.from(data)]).toEqual(Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 1 : 0)));
  const pairs = anglePairs(oneHotCosines(5));
  expect(pairs).toHaveLength(10);
  for (const { degrees } of pairs) expect(degrees).toBeCloseTo(90, 9);
});

it('angles are of directions, whatever the lengths, from the nearest pair to the farthest', () => {
  const at = (degrees: number, length: number) => [
    length * Math.cos((degrees * Math.PI) / 180),
    length * Math.sin((degrees * Math.PI) / 180),
  ];
  const pairs = anglePairs(cosinesAmong([...at(0, 1), ...at(30, 7), ...at(170, 0.2)], 2));
  expect(pairs.map(({ a, b }) => [a, b])).toEqual([
    [0, 1],
    [1, 2],
    [0, 2],
  ]);
  [30, 140, 170].forEach((degrees, i) => expect(pairs[i]?.degrees).toBeCloseTo(degrees, 4));
  expect(nearestTo(pairs, 2)).toBe(pairs[1]);
  expect(nearestTo(pairs, 9)).toBeUndefined();
});

it('rounding past 1 is no NaN', () => {
  expect([degreesOf(1 + 1e-7), degreesOf(-1 - 1e-7)]).toEqual([0, 180]);
});
