import { expect, it } from 'vitest';
import { GRID, HOLES, holesField, maskOf, printHoles, readHoles, withHole } from './holes.ts';
import { angleBetween, slerp } from './slerp.ts';

it('prints squares and reads them again', () => {
  const printed = printHoles(new Set(HOLES));
  expect(printed).toBe('0000001818000000');
  expect([...readHoles(printed)!]).toEqual([...HOLES]);
  expect([...readHoles('8000000000000001')!]).toEqual([0, GRID * GRID - 1]);
  for (const bad of ['', 'zz', '3c', '00003c3c3c3c00000']) expect(readHoles(bad)).toBeUndefined();
});

it('keeps all but the squares', () => {
  const mask = maskOf(new Set([0]), 32);
  expect(mask.reduce((a, b) => a + b, 0)).toBe(32 * 32 - 16);
  expect([mask[0], mask[3], mask[4], mask[3 * 32], mask[4 * 32]]).toEqual([0, 0, 1, 0, 1]);
});

it('turns one noise into another at its own length', () => {
  const [a, b] = [Float32Array.of(3, 0, 0), Float32Array.of(0, 3, 0)];
  expect(angleBetween(a, b)).toBeCloseTo(Math.PI / 2, 6);
  for (const u of [0, 0.25, 0.5, 1]) expect(Math.hypot(...slerp(a, b, u))).toBeCloseTo(3, 6);
  expect([...slerp(a, b, 0)]).toEqual([3, 0, 0]);
  expect(slerp(a, b, 1)[1]).toBeCloseTo(3, 6);
  expect([...slerp(a, a, 0.3)]).toEqual([3, 0, 0]);
});

it('opens and closes squares, in a link too', () => {
  const one = withHole(new Set([5]), 9, true);
  expect([...one].sort((a, b) => a - b)).toEqual([5, 9]);
  expect([...withHole(one, 5, false)]).toEqual([9]);
  const field = holesField([0]);
  expect(field.default).toBe('8000000000000000');
  expect(field.parse('0000001818000000')).toBe('0000001818000000');
  expect(field.parse('0000001818')).toBeUndefined();
});
