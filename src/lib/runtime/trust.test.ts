import { describe, expect, it } from 'vitest';
import { compareRuns, tolerance, trusted, worstOf, type TrustReport } from './trust.ts';

const tensor = (name: string, ...values: number[]) => ({
  name,
  shape: [values.length],
  data: Float32Array.from(values),
});

describe('two devices', () => {
  it('agree within a thousandth of what the values are like', () => {
    const [near, far] = compareRuns(
      [tensor('a', 10, 20), tensor('b', 1, 2)],
      [tensor('a', 10.01, 20), tensor('b', 1, 2.01)],
    );
    expect(near).toMatchObject({ name: 'a', count: 2, within: true });
    expect(near!.worst).toBeCloseTo(0.01, 4);
    expect(far).toMatchObject({ name: 'b', within: false });
    expect(worstOf([near!, far!])).toBe(far);
    expect(tolerance(near!)).toBeCloseTo(0.021, 4);
  });

  it('differ without bound by NaN, by another size, and by what is missing', () => {
    const runs = compareRuns(
      [tensor('nan', 1, NaN), tensor('short', 1, 2), tensor('gone', 1)],
      [tensor('nan', 1, 2), tensor('short', 1)],
    );
    expect(runs.map((r) => r.worst)).toEqual([Infinity, Infinity, Infinity]);
    expect(runs.some((r) => r.within)).toBe(false);
  });

  it('are trusted only if everything is', () => {
    const fine = compareRuns([tensor('a', 1)], [tensor('a', 1)]);
    const off = compareRuns([tensor('a', 1)], [tensor('a', 2)]);
    const report: TrustReport = { device: 'webgpu', patch: 16, reference: fine, between: undefined };
    expect(trusted(report)).toBe(true);
    expect(trusted({ ...report, between: off })).toBe(false);
    expect(trusted({ ...report, reference: off })).toBe(false);
    expect(worstOf([])).toBeUndefined();
  });
});
