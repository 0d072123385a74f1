import { describe, expect, it } from 'vitest';
import { gaussian } from '#lib/graph/seeded.ts';
import { flattenPatch } from '#lib/images/patches.ts';
import {
  answerPatterns,
  byValue,
  columnVariances,
  convolve,
  embedCounts,
  multiplyRows,
  rowVariances,
  tableAgainstMaps,
} from './embed.ts';

const random = (n: number, seed: number) => {
  const next = gaussian(seed);
  return Float32Array.from({ length: n }, () => next());
};
const sizes = { image: 14, patch: 4, dim: 5 };
const { side, patches, values } = embedCounts(sizes);
const picture = random(3 * sizes.image ** 2, 1);
const kernel = random(sizes.dim * values, 2);
const bias = random(sizes.dim, 3);
const rows = new Float32Array(patches * values);
for (let n = 0; n < patches; n++)
  rows.set(flattenPatch({ size: 14, data: picture }, Math.floor(n / side), n % side, 4, 'crc'), n * values);

describe('the embedding by hand', () => {
  const table = new Float32Array(patches * sizes.dim);
  multiplyRows(rows, kernel, bias, sizes, table, 0, 4);
  multiplyRows(rows, kernel, bias, sizes, table, 4, patches);

  it('is the product of rows and weights, remainder dropped', () => {
    expect({ side, patches, values }).toEqual({ side: 3, patches: 9, values: 48 });
    for (const [n, d] of [
      [0, 0],
      [5, 2],
      [8, 4],
    ] as const) {
      let sum = bias[d]!;
      for (let i = 0; i < values; i++) sum += rows[n * values + i]! * kernel[d * values + i]!;
      expect(table[n * 5 + d]).toBeCloseTo(sum, 4);
    }
  });

  it('is the same as a convolution with stride p, in another order of sums', () => {
    const maps = new Float32Array(sizes.dim * patches);
    convolve(picture, kernel, bias, sizes, maps, 0, 2);
    convolve(picture, kernel, bias, sizes, maps, 2, 5);
    const difference = tableAgainstMaps(table, maps, sizes.dim);
    expect(difference).toBeLessThan(1e-4);
    expect(difference).toBeGreaterThan(0);
    maps[7]! += 1;
    expect(tableAgainstMaps(table, maps, sizes.dim)).toBeCloseTo(1, 3);
    expect(tableAgainstMaps(table, maps.subarray(1), sizes.dim)).toBeNaN();
  });
});

describe('what filters answer to', () => {
  it('is the covariance of pixels and answers', () => {
    const responses = random(patches * 2, 7);
    const out = new Float32Array(2 * values);
    answerPatterns(rows, responses, { values, dim: 2 }, out, 0, 2);
    const [i, d] = [11, 1];
    const xs = Array.from({ length: patches }, (_, n) => rows[n * values + i]!);
    const rs = Array.from({ length: patches }, (_, n) => responses[n * 2 + d]!);
    const mean = (v: number[]) => v.reduce((a, b) => a + b) / v.length;
    const [mx, mr] = [mean(xs), mean(rs)];
    const covariance = xs.reduce((sum, x, n) => sum + (x - mx) * (rs[n]! - mr), 0) / (patches - 1);
    expect(out[d * values + i]).toBeCloseTo(covariance, 5);
  });
});

describe('variances', () => {
  const table = [1, 10, 2, 10, 3, 16];
  it('along columns and rows', () => {
    expect([...columnVariances(table, 2)]).toEqual([expect.closeTo(1, 12), expect.closeTo(12, 12)]);
    expect([...rowVariances(table, 3)]).toEqual([expect.closeTo(73 / 3, 10), expect.closeTo(127 / 3, 10)]);
  });
  it('sort indices, largest first, equals as they were', () => {
    expect(byValue([1, 3, 2, 3])).toEqual([1, 3, 2, 0]);
  });
});
