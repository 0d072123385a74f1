import { describe, expect, it } from 'vitest';
import { principalComponents, project } from './pca.ts';

/** Rows that vary by 3 along (0.6, 0.8, 0) and by 1 along (0, 0, 1), around (1, 2, 3). */
const corners = [-1, 1].flatMap((a) => [-1, 1].flatMap((b) => [1 + 3 * 0.6 * a, 2 + 3 * 0.8 * a, 3 + b]));

function table(n: number, width: number): Float32Array {
  let seed = 7;
  return Float32Array.from({ length: n * width }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648 - 0.5;
  });
}

describe('principal components', () => {
  it('finds mean, directions and variances of a table built from them', () => {
    const pca = principalComponents(corners, 3);
    expect([...pca.mean]).toEqual([1, 2, 3].map((v) => expect.closeTo(v, 12)));
    expect(pca.count).toBe(2);
    const want = [0.6, 0.8, 0, 0, 0, 1];
    expect([...pca.components]).toEqual(want.map((v) => expect.closeTo(v, 10)));
    expect([...pca.variance]).toEqual([12, 4 / 3].map((v) => expect.closeTo(v, 10)));
    expect(pca.total).toBeCloseTo(12 + 4 / 3, 10);
  });

  it('gives the same for a wide table as for its covariance, vectors of length 1 at right angles', () => {
    // 6 rows of 10 go through XXᵀ; the same rows twice over, 12 of 10, through XᵀX.
    const rows = table(6, 10);
    const wide = principalComponents(rows, 10);
    const tall = principalComponents([...rows, ...rows], 10);
    expect(wide.count).toBe(5);
    expect(tall.count).toBe(5);
    for (let i = 0; i < wide.components.length; i++)
      expect(wide.components[i]).toBeCloseTo(tall.components[i]!, 8);
    for (let a = 0; a < 5; a++)
      for (let b = 0; b < 5; b++) {
        let dot = 0;
        for (let c = 0; c < 10; c++) dot += wide.components[a * 10 + c]! * wide.components[b * 10 + c]!;
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 10);
      }
  });

  it('rebuilds the rows from all projections, and loses the variance of those left out', () => {
    const rows = table(20, 6);
    const pca = principalComponents(rows, 6);
    const coordinates = project(pca, rows);
    let worst = 0;
    for (let r = 0; r < 20; r++)
      for (let c = 0; c < 6; c++) {
        let v = pca.mean[c]!;
        for (let k = 0; k < 6; k++) v += coordinates[r * 6 + k]! * pca.components[k * 6 + c]!;
        worst = Math.max(worst, Math.abs(v - rows[r * 6 + c]!));
      }
    expect(worst).toBeLessThan(1e-12);
    const first = principalComponents(rows, 6, { count: 2 });
    expect(first.count).toBe(2);
    expect(first.total).toBeCloseTo(
      pca.variance.reduce((a, b) => a + b),
      12,
    );
    expect(project(first, rows).length).toBe(40);
  });

  it('can leave the mean in', () => {
    const pca = principalComponents([2, 0, 4, 0], 2, { center: false });
    expect([...pca.mean]).toEqual([0, 0]);
    expect([...pca.components]).toEqual([expect.closeTo(1, 12), expect.closeTo(0, 12)]);
    expect(pca.variance[0]).toBeCloseTo(20, 10);
  });

  it('finds nothing in a table that does not vary, and refuses what is no table', () => {
    expect(principalComponents([1, 2, 1, 2, 1, 2], 2).count).toBe(0);
    expect(() => principalComponents([1, 2, 3], 2)).toThrow(RangeError);
    expect(() => principalComponents([1, 2], 2)).toThrow(RangeError);
    const pca = principalComponents(corners, 3);
    expect(() => project(pca, [1, 2])).toThrow(RangeError);
  });
});
