import { describe, expect, it } from 'vitest';
import { encode } from '#lib/graph/encode.ts';
import { erf, farthest, selfCheck } from './selfcheck.ts';

describe('the self-check', () => {
  it('knows erf (Abramowitz and Stegun, table 7.1)', () => {
    expect(erf(0)).toBe(0);
    expect(erf(0.5)).toBeCloseTo(0.5204998778, 9);
    expect(erf(-1)).toBeCloseTo(-0.8427007929, 9);
    expect(erf(2)).toBeCloseTo(0.995322265, 9);
    expect(erf(3.9)).toBeCloseTo(1, 6);
    expect(erf(9)).toBe(1);
  });

  it('is a graph of the four operations, with inputs and answers of its shapes', () => {
    const { graph, outputs, expected } = selfCheck();
    expect(new Set(graph.nodes.map((n) => n.op))).toEqual(
      new Set(['MatMul', 'Softmax', 'LayerNormalization', 'Erf']),
    );
    for (const name of outputs) {
      const size = graph.value(name).shape.reduce((a, b) => a * b, 1);
      expect(expected[name]?.length).toBe(size);
      expect(expected[name]?.every((v) => Math.abs(v) <= 14)).toBe(true);
    }
    const rows = expected.softmax!.subarray(0, 33).reduce((a, b) => a + b, 0);
    expect(rows).toBeCloseTo(1, 12);
    expect(encode(graph, { outputs }).model.length).toBeGreaterThan(1000);
  });

  it('measures the farthest value and trusts nothing that is missing, misshapen or NaN', () => {
    const right = { a: Float64Array.of(1, 2), b: Float64Array.of(3) };
    const values: Record<string, Float32Array> = { a: Float32Array.of(1, 2.5), b: Float32Array.of(3) };
    expect(farthest(right, (n) => values[n])).toBe(0.5);
    expect(farthest(right, () => undefined)).toBe(Infinity);
    expect(farthest(right, () => Float32Array.of(1))).toBe(Infinity);
    expect(farthest(right, (n) => (n === 'a' ? Float32Array.of(NaN, 2) : values[n]))).toBe(Infinity);
  });
});
