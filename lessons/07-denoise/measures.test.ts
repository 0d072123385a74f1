import { expect, it } from 'vitest';
import { rms, rmsBetween } from '#lib/analysis/rms.ts';
import { EDGE, reach, saturated } from './value-range.ts';
import { state } from './state.ts';
import { readLink } from '#lib/state/permalink.ts';

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
