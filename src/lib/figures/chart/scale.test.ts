import { scaleLinear, scaleLog } from 'd3-scale';
import { describe, expect, it } from 'vitest';
import { monotone, straight } from './path.ts';
import { scaleOf } from './scale.ts';
import { logTicks, roundOut, ticksBetween } from './ticks.ts';

/** D3 takes a function in a format's place on a logarithmic scale, which its types leave out. */
type LogWords = (count: number, say: (value: number) => string) => (value: number) => string;

const DOMAINS: readonly (readonly [number, number])[] = [
  [0, 1],
  [0, 999],
  [-50, 40],
  [-0.37, 1.04],
  [0.013, 0.0471],
  [8, 56],
  [2e5, 9.1e6],
];
const COUNTS = [3, 4, 5, 6, 7, 10];
const near = (found: readonly number[], right: readonly number[]) => {
  expect(found.length).toBe(right.length);
  found.forEach((v, i) =>
    expect(Math.abs(v - right[i]!)).toBeLessThanOrEqual(1e-9 * Math.abs(right[i]!) + 1e-12),
  );
};

describe('a straight axis', () => {
  it.each(DOMAINS)('from %d to %d has the ticks and words that D3 gives it', (a, b) => {
    for (const count of COUNTS) {
      const right = scaleLinear().domain([a, b]);
      near(ticksBetween(a, b, count), right.ticks(count));
      const scale = scaleOf({ domain: [a, b] }, [], 0, 100);
      expect(scale.ticks(count).map(scale.words(count, undefined))).toEqual(
        right.ticks(count).map(right.tickFormat(count)),
      );
    }
  });

  it.each(DOMAINS)('from %d to %d is widened to round values as D3 widens it', (a, b) => {
    near(roundOut(a, b), scaleLinear().domain([a, b]).nice().domain());
  });

  it('may run backwards, and holds what lies outside where it is told to', () => {
    const scale = scaleOf({ domain: [1, 0], clamp: true }, [], 10, 110);
    expect([1, 0.5, 0, -3].map(scale.place)).toEqual([10, 60, 110, 110]);
    expect(scale.order).toBe(-1);
    expect(scaleOf({ domain: [1, 0] }, [], 10, 110).place(-1)).toBe(210);
  });

  it('takes its ends from what is drawn', () => {
    const at = (options: object, values: number[]) => scaleOf(options, values, 0, 1).place;
    expect(at({}, [3, NaN, 5])(4)).toBe(0.5);
    expect(at({ zero: true }, [5, 10])(5)).toBe(0.5);
    expect(at({}, [7, 7])(7)).toBe(0.5);
    expect(at({}, [])(0.25)).toBe(0.25);
  });
});

describe('a logarithmic axis', () => {
  it.each([
    [16, 16384, 10],
    [0.3, 150, 10],
    [3e-5, 1, 10],
    [4.1e6, 8.8e11, 10],
    [12, 71, 10],
    [1, 8, 2],
    [0.25, 4, 2],
  ])('from %d to %d, base %d, has the ticks and words that D3 gives it', (a, b, base) => {
    for (const count of COUNTS) {
      const right = scaleLog().base(base).domain([a, b]);
      near(logTicks(a, b, count, base), right.ticks(count));
      const scale = scaleOf({ type: 'log', base, domain: [a, b] }, [], 0, 100);
      const say = (v: number) => `<${v.toPrecision(3)}>`;
      expect(scale.ticks(count).map(scale.words(count, say))).toEqual(
        right.ticks(count).map((right.tickFormat as unknown as LogWords)(count, say)),
      );
    }
  });

  it('leaves out what has no logarithm', () => {
    const scale = scaleOf({ type: 'log' }, [0, -2, 1, 100], 0, 2);
    expect(scale.place(10)).toBeCloseTo(1);
    expect(Number.isFinite(scale.place(0))).toBe(false);
  });
});

describe('lines', () => {
  it('stop where there is no value', () => {
    expect(
      straight([
        [0, 1],
        [1, 2],
        [2, NaN],
        [3, 4],
      ]),
    ).toBe('M0,1L1,2M3,4Z');
    expect(straight([])).toBe('');
  });

  it('that are bent overshoot no point', () => {
    const ys = [0, 0, 10, 10, 3, 40];
    const path = monotone(ys.map((y, x) => [x, y]));
    const curves = [...path.matchAll(/C([^C]*)/g)].map(([, text]) => text!.split(',').map(Number));
    expect(curves).toHaveLength(5);
    curves.forEach(([, first, , second, , end], i) => {
      const [low, high] = [Math.min(ys[i]!, ys[i + 1]!), Math.max(ys[i]!, ys[i + 1]!)];
      for (const y of [first!, second!]) expect(y >= low && y <= high).toBe(true);
      expect(end).toBe(ys[i + 1]);
    });
  });
});
