import { describe, expect, it } from 'vitest';
import { roundedSeconds, TimeLeft } from './time-left.ts';

describe('the time that a download still takes', () => {
  it('follows from the speed of the last seconds, once enough was seen', () => {
    const left = new TimeLeft();
    // 100 bytes a second of 2,000.
    expect(left.see(0, 0, 2000)).toBeUndefined();
    expect(left.see(1000, 100, 2000)).toBeUndefined();
    expect(left.see(3000, 300, 2000)).toBeCloseTo(17_000);
    // The line becomes twice as fast: after the window nothing is left of the slow seconds.
    for (let s = 4; s <= 12; s++) left.see(1000 * s, 300 + 200 * (s - 3), 3000);
    expect(left.see(13_000, 2300, 3000)).toBeCloseTo(3500, -1);
  });

  it('is not said where nothing comes, the whole is not known, or it begins anew', () => {
    const left = new TimeLeft();
    left.see(0, 500, 2000);
    expect(left.see(5000, 500, 2000)).toBeUndefined();
    expect(new TimeLeft().see(0, 1, 0)).toBeUndefined();
    left.see(6000, 900, 2000);
    expect(left.see(7000, 10, 2000)).toBeUndefined();
    expect(left.see(10_000, 310, 2000)).toBeCloseTo((1690 / 300) * 3000);
  });

  it('is rounded to what can be known', () => {
    expect([300, 4400, 9600, 23_000, 58_000, 61_000, 100_000].map(roundedSeconds)).toEqual([
      1, 4, 10, 25, 60, 60, 90,
    ]);
  });
});
