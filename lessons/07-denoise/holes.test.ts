import { expect, it } from 'vitest';
import { GRID, HOLES, maskOf, printHoles, readHoles } from './holes.ts';
import { rms, rmsBetween } from '#lib/analysis/rms.ts';
import { EDGE, reach, saturated } from './value-range.ts';
import { angleBetween, slerp } from './slerp.ts';
import { state } from './state.ts';
import { readLink } from '#lib/state/permalink.ts';

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
  for (const u of [0, 0.25, 0.5, 1]) expect(rms(slerp(a, b, u))).toBeCloseTo(rms(a), 6);
  expect([...slerp(a, b, 0)]).toEqual([3, 0, 0]);
  expect(slerp(a, b, 1)[1]).toBeCloseTo(3, 6);
  expect([...slerp(a, a, 0.3)]).toEqual([3, 0, 0]);
});

it('measures', () => {
  expect(rms([3, -4, 0, 0])).toBe(2.5);
  expect(rmsBetween([1, 2], [1, 4])).toBeCloseTo(Math.SQRT2, 9);
  expect(saturated([1, -1, EDGE, 0.5])).toBe(0.75);
  expect(reach([0.021, -0.034])).toBeCloseTo(0.04, 9);
  expect(reach([0])).toBe(1);
});

it('opens links with values that cannot be, and says so', () => {
  const { state: found, problems } = readLink(state, '?v=1&n=0&m=plms&t=1.7&w=99&c=12&hole=q');
  expect(problems.map((p) => 'field' in p && p.field).sort()).toEqual(['c', 'hole', 'm', 'n', 't', 'w']);
  expect(found).toMatchObject({ n: 20, m: 'ddim', t: 0.4, w: 2, c: 7 });
});
