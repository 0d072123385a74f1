import { describe, expect, it } from 'vitest';
import { histogram, statsOf, StatsGatherer } from './stats.ts';

describe('stats', () => {
  it('agrees with figures worked out by hand', () => {
    const s = statsOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(s).toMatchObject({ count: 8, min: 2, max: 9, mean: 5, std: 2, nan: 0, infinite: 0 });
  });

  it('counts NaN and the infinities and leaves them out of the rest', () => {
    const s = statsOf(new Float32Array([1, NaN, 3, Infinity, -Infinity]));
    expect(s).toMatchObject({ count: 5, min: 1, max: 3, mean: 2, std: 1, nan: 1, infinite: 2 });
  });

  it('has no figures where no value is finite', () => {
    expect(statsOf([NaN]).mean).toBeNaN();
    expect(statsOf([]).min).toBeNaN();
    expect(statsOf([]).count).toBe(0);
  });

  it('gives the same in stretches as at once, also far from zero', () => {
    const data = Float64Array.from({ length: 10_000 }, (_, i) => 1e6 + Math.sin(i));
    const gatherer = new StatsGatherer();
    for (let i = 0; i < data.length; i += 777) gatherer.add(data, i, Math.min(data.length, i + 777));
    const whole = statsOf(data);
    expect(gatherer.stats.mean).toBeCloseTo(whole.mean, 6);
    expect(gatherer.stats.std).toBeCloseTo(whole.std, 8);
    expect(whole.std).toBeCloseTo(Math.SQRT1_2, 3);
  });
});

describe('histogram', () => {
  it('counts each value once, the upper end in the last bin, outside and NaN in none', () => {
    expect([...histogram([0, 0.1, 0.5, 0.99, 1, 2, -1, NaN], 0, 1, 2)]).toEqual([2, 3]);
  });

  it('puts a range of no width into its first bin', () => {
    expect([...histogram([3, 3], 3, 3, 4)]).toEqual([2, 0, 0, 0]);
  });
});
