import { describe, expect, it } from 'vitest';
import { meanDistance, uniformDistance } from './attention.ts';
import { spaceDistance, spaceTimeDistance, uniformTime, type ClipGrid } from './space-time.ts';

const GRID: ClipGrid = { times: 3, grid: 2, prefix: 1 };
const TOKENS = 13;
/** Attention weights `[T, T]`, each row by a rule and scaled to sum to 1. */
function weights(rule: (query: number, key: number) => number): Float64Array {
  const out = new Float64Array(TOKENS * TOKENS);
  for (let q = 0; q < TOKENS; q++) {
    const row = Array.from({ length: TOKENS }, (_, k) => rule(q, k));
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((v, k) => (out[q * TOKENS + k] = v / sum));
  }
  return out;
}
const timeOf = (token: number) => Math.floor((token - 1) / 4);
const placeOf = (token: number) => (token - 1) % 4;

describe('the distances of a head in time and space', () => {
  it('of a token that looks at itself are none', () => {
    expect(
      spaceTimeDistance(
        weights((q, k) => Number(q === k)),
        GRID,
      ),
    ).toEqual({ time: 0, space: 0 });
  });
  it('of all tokens alike are those of the clip', () => {
    const even = spaceTimeDistance(
      weights(() => 1),
      GRID,
    );
    expect(even.time).toBeCloseTo(uniformTime(3), 10);
    expect(even.space).toBeCloseTo(uniformDistance(2), 10);
    expect(uniformTime(3)).toBeCloseTo(8 / 9, 10);
  });
  it('tell the same place at other times from other places at the same time', () => {
    const time = spaceTimeDistance(
      weights((q, k) => Number(q > 0 && k > 0 && placeOf(q) === placeOf(k) && timeOf(q) !== timeOf(k))),
      GRID,
    );
    // From the ends (1 + 2) / 2, from the middle 1.
    expect(time.time).toBeCloseTo((1.5 + 1 + 1.5) / 3, 10);
    expect(time.space).toBe(0);
    const space = spaceTimeDistance(
      weights((q, k) => Number(q > 0 && k > 0 && timeOf(q) === timeOf(k) && placeOf(q) !== placeOf(k))),
      GRID,
    );
    expect(space.time).toBe(0);
    expect(space.space).toBeCloseTo((2 + Math.SQRT2) / 3, 10);
  });
  it('leave out what lies nowhere, and are not numbers where nothing else is looked at', () => {
    const half = spaceTimeDistance(
      weights((q, k) => (k === 0 || k === q ? 1 : 0)),
      GRID,
    );
    expect(half).toEqual({ time: 0, space: 0 });
    const none = spaceTimeDistance(
      weights((_q, k) => Number(k === 0)),
      GRID,
    );
    expect([none.time, none.space]).toEqual([NaN, NaN]);
  });
  it('are read at an offset, and of times alone', () => {
    const times = { times: 3, grid: 1, prefix: 1 };
    const two = [...Array<number>(16).fill(9), ...Array<number>(16).fill(0.25)];
    const even = spaceTimeDistance(two, times, 16);
    expect(even.time).toBeCloseTo(uniformTime(3), 10);
    expect(even.space).toBe(0);
  });
});

it('within each time the distance is the mean of those of the times', () => {
  const size = 25;
  const layer = Float64Array.from({ length: 3 * 2 * size }, (_, i) => ((i * 7919) % 13) + 1);
  const each = [0, 1, 2].map((t) => meanDistance(layer, { grid: 2, prefix: 1 }, (t * 2 + 1) * size));
  const got = spaceDistance(layer, GRID, { head: 1, heads: 2 });
  expect(got).toBeCloseTo(each.reduce((a, b) => a + b, 0) / 3, 10);
});
