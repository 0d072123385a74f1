import { describe, expect, it } from 'vitest';
import {
  entropy,
  meanDistance,
  meanEntropy,
  mixValues,
  overlap,
  quantile,
  rollout,
  rowDistance,
  softmaxRow,
  strongest,
  uniformDistance,
  valueNormRelevance,
  type LayerAttention,
} from './attention.ts';

/** Rows of a stated function, scaled to sum 1: `[heads, T, T]`. */
function layer(
  heads: number,
  tokens: number,
  f: (h: number, i: number, j: number) => number,
): LayerAttention {
  const data = new Float64Array(heads * tokens * tokens);
  for (let h = 0; h < heads; h++)
    for (let i = 0; i < tokens; i++) {
      let sum = 0;
      for (let j = 0; j < tokens; j++) sum += f(h, i, j);
      for (let j = 0; j < tokens; j++) data[(h * tokens + i) * tokens + j] = f(h, i, j) / sum;
    }
  return { data, heads, tokens };
}
const wavy = (seed: number) =>
  layer(3, 10, (h, i, j) => 1.2 + Math.sin(seed + 1.7 * h + 0.9 * i * j + 0.3 * j));

describe('entropy', () => {
  it('is 0 for one token, log2 n for n alike, and passes over zeros', () => {
    expect(entropy([0, 1, 0])).toBe(0);
    expect(entropy([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(2, 12);
    expect(entropy([0.5, 0, 0.5])).toBeCloseTo(1, 12);
    expect(entropy([9, 0.5, 0.5, 9], 1, 3)).toBeCloseTo(1, 12);
  });
  it('is a mean over the rows of a head', () => {
    expect(meanEntropy([7, 1, 0, 0.5, 0.5], 2, 1)).toBeCloseTo(0.5, 12);
  });
});

describe('mean attention distance', () => {
  it('is 0 where every patch looks at itself, also beside a class token', () => {
    const identity = layer(1, 5, (_, i, j) => (i === j ? 1 : 1e-300));
    expect(meanDistance(identity.data, { grid: 2, prefix: 1 })).toBeCloseTo(0, 12);
  });
  it('leaves the class token out and scales the rest', () => {
    // 2 × 2 patches; patch 0 gives 0.6 to CLS, 0.1 to itself, 0.3 to the patch on the diagonal.
    expect(rowDistance([0.6, 0.1, 0, 0, 0.3], 0, { grid: 2, prefix: 1 })).toBeCloseTo(
      (0.3 * Math.SQRT2) / 0.4,
      12,
    );
    expect(rowDistance([1, 0, 0, 0, 0], 0, { grid: 2, prefix: 1 })).toBeNaN();
  });
  it('is the mean over the patches that look at patches; none of them: NaN', () => {
    // Patch 0 looks at the patch below it, patch 1 at itself, the others at CLS alone.
    const heads = (given: number[][]) => Float32Array.from([[1, 0, 0, 0, 0], ...given].flat());
    const away = [1, 0, 0, 0, 0];
    const some = heads([[0, 0, 0, 1, 0], [0, 0, 1, 0, 0], away, [1, 1e-9, 0, 0, 0]]);
    expect(meanDistance(some, { grid: 2, prefix: 1 })).toBeCloseTo(1 / 2, 12);
    expect(meanDistance(heads([away, away, away, away]), { grid: 2, prefix: 1 })).toBeNaN();
  });
  it('equals the sum over all pairs, written out', () => {
    const { data, tokens } = wavy(1);
    let sum = 0;
    for (let n = 0; n < 9; n++) {
      let weighted = 0;
      let weight = 0;
      for (let m = 0; m < 9; m++) {
        const a = data[(n + 1) * tokens + m + 1]!;
        weighted += a * Math.hypot(Math.floor(n / 3) - Math.floor(m / 3), (n % 3) - (m % 3));
        weight += a;
      }
      sum += weighted / weight;
    }
    expect(meanDistance(data, { grid: 3, prefix: 1 })).toBeCloseTo(sum / 9, 12);
  });
  it('of a head that looks everywhere alike follows from the grid', () => {
    for (const grid of [1, 2, 7, 14]) {
      const even = layer(1, grid * grid, () => 1);
      expect(uniformDistance(grid)).toBeCloseTo(meanDistance(even.data, { grid, prefix: 0 }), 10);
    }
  });
});

describe('overlap', () => {
  it('is 1 for equal heads, 0 for heads with nothing in common, between otherwise', () => {
    expect(overlap([0.5, 0.5, 0, 0], [0.5, 0.5, 0, 0], 1, { count: 4 })).toBe(1);
    expect(overlap([0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5], 1, { count: 4 })).toBe(0);
    expect(overlap([0.7, 0.3], [9, 0.4, 0.6], 1, { count: 2, other: 1 })).toBeCloseTo(0.7, 12);
  });
});

describe('rollout', () => {
  /** The whole product of matrices, as the paper writes it. */
  function whole(layers: readonly LayerAttention[], r: number): number[][] {
    const T = layers[0]!.tokens;
    let R = Array.from({ length: T }, (_, i) => Array.from({ length: T }, (_, j) => Number(i === j)));
    for (const { data, heads } of layers) {
      const A = R.map((_, i) => {
        const row = R.map((_, j) => {
          let mean = 0;
          for (let h = 0; h < heads; h++) mean += data[(h * T + i) * T + j]! / heads;
          return (1 - r) * mean + r * Number(i === j);
        });
        const sum = row.reduce((a, b) => a + b, 0);
        return row.map((v) => v / sum);
      });
      R = A.map((row) => row.map((_, j) => row.reduce((s, a, k) => s + a * R[k]![j]!, 0)));
    }
    return R;
  }
  const layers = [wavy(0), wavy(1), wavy(2), wavy(3)];

  it('gives the rows of the product of all layers, the last one first', () => {
    for (const residual of [0, 0.5, 0.9]) {
      const R = whole(layers, residual);
      for (const q of [0, 4, 9]) {
        const row = rollout(layers, q, { residual });
        row.forEach((v, j) => expect(v).toBeCloseTo(R[q]![j]!, 12));
      }
    }
  });
  it('sums to one, also where the rows of a layer do not', () => {
    const [first, ...rest] = layers;
    const loose = { ...first!, data: Float64Array.from(first!.data as Float64Array, (v) => v * 1.3) };
    const row = rollout([loose, ...rest], 2);
    expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });
  it('without layers is the token itself, with the residual alone too', () => {
    expect([...rollout([wavy(0)], 3, { residual: 1 })]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  });
});

describe('one row', () => {
  it('attention × value norm', () => {
    expect([...valueNormRelevance([0.5, 0.25, 0.25], [9, 3, 4, 0, 0, 6, 8], 2, 1)]).toEqual([2.5, 0, 2.5]);
  });
  it('softmax at a temperature, safe for large scores', () => {
    expect([...softmaxRow([1000, 1000])]).toEqual([0.5, 0.5]);
    const [a, b] = softmaxRow([Math.log(3), 0]);
    expect(a! / b!).toBeCloseTo(3, 12);
    const [c, d] = softmaxRow([Math.log(3), 0], 0.5);
    expect(c! / d!).toBeCloseTo(9, 12);
  });
  it('mixes the values by the weights', () => {
    expect([...mixValues([0.5, 0.25, 0.25], [9, 2, 0, 0, 4, 8, 8], 2, 1)]).toEqual([3, 3]);
  });
  it('knows the weight that most stay below', () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([quantile(values, 0.99), quantile(values, 1), quantile(values, 0.5)]).toEqual([99, 100, 50]);
    expect(quantile(new Float32Array(0), 0.5)).toBeNaN();
  });
  it('names the strongest tokens, ties in order', () => {
    expect(strongest([0.2, 0.5, 0.2, 0.1], 3).map((s) => s.index)).toEqual([1, 0, 2]);
  });
});
