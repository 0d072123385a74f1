import { describe, expect, it } from 'vitest';
import { gaussian } from '#lib/graph/seeded.ts';
import { layerNorm, linear, moments, Readout, winner } from './lens.ts';
import { softmax } from './softmax.ts';

const D = 12;
const K = 5;
const next = gaussian(3);
const random = (n: number) => Float32Array.from({ length: n }, () => next());
const weights = {
  gamma: random(D),
  beta: random(D),
  eps: 1e-6,
  weight: random(K * D),
  bias: random(K),
};
const close = (a: ArrayLike<number>, b: ArrayLike<number>, digits = 9) => {
  expect(a.length).toBe(b.length);
  Array.from(a).forEach((v, i) => expect(v).toBeCloseTo(b[i]!, digits));
};

describe('the steps', () => {
  it('normalises a row to mean β and spread γ', () => {
    const row = random(D).map((v) => 3 * v + 7);
    const plain = layerNorm(row, new Float32Array(D).fill(1), new Float32Array(D), 0);
    expect(moments(plain, D, 0).mean).toBeCloseTo(0, 12);
    expect(moments(plain, D, 0).scale).toBeCloseTo(1, 12);
    const full = layerNorm(row, weights.gamma, weights.beta, 0);
    close(
      full,
      plain.map((v, i) => v * weights.gamma[i]! + weights.beta[i]!),
    );
  });

  it('a row of equal values becomes β, not NaN', () => {
    close(layerNorm(new Float32Array(D).fill(4), weights.gamma, weights.beta, 1e-6), weights.beta);
  });

  it('multiplies by rows of the weight', () => {
    close(linear([1, 2], [3, 4, 5, 6], [0.5, -1]), [11.5, 16]);
  });

  it('makes probabilities that sum to 1 and do not overflow', () => {
    close(softmax([0, Math.log(3)]), [0.25, 0.75]);
    close(softmax([1000, 1000 + Math.log(3)]), [0.25, 0.75]);
    expect(winner([1, 5, 5, 2])).toBe(1);
    expect(winner([9, 1, 5, 2], 1, 3)).toBe(1);
  });
});

describe('Readout', () => {
  const readout = new Readout(weights);

  it('equals norm, then head', () => {
    const stream = random(3 * D);
    for (let t = 0; t < 3; t++) {
      const row = stream.subarray(t * D, (t + 1) * D);
      const steps = linear(
        layerNorm(row, weights.gamma, weights.beta, weights.eps),
        weights.weight,
        weights.bias,
      );
      close(readout.logits(stream, t), steps);
    }
  });

  it('reads a stretch of tokens as it reads each', () => {
    const stream = random(4 * D);
    const out = new Float32Array(4 * K);
    readout.probsInto(out, stream, 1, 3);
    close(out.subarray(K, 2 * K), softmax(readout.logits(stream, 1)), 6);
    close(out.subarray(2 * K, 3 * K), softmax(readout.logits(stream, 2)), 6);
    expect([...out.subarray(0, K), ...out.subarray(3 * K)]).toEqual(Array(2 * K).fill(0));
  });

  it('splits a logit into parts that sum to it', () => {
    const parts = [random(D), random(D).map((v) => 9 * v), random(D)];
    const row = Float64Array.from({ length: D }, (_, i) => parts.reduce((n, p) => n + p[i]!, 0));
    const each = readout.contributions(parts, moments(row, D, weights.eps).scale);
    const z = readout.logits(row);
    for (let k = 0; k < K; k++) {
      const sum = parts.reduce((n, _, j) => n + each[j * K + k]!, readout.constant[k]!);
      expect(sum).toBeCloseTo(z[k]!, 9);
    }
    // With the scale frozen, a part counts in proportion: twice the part, twice its share.
    const twice = readout.contributions([parts[0]!.map((v) => 2 * v)], moments(row, D, weights.eps).scale);
    close(
      twice,
      each.subarray(0, K).map((v) => 2 * v),
    );
  });

  it('refuses weights that do not fit', () => {
    expect(() => new Readout({ ...weights, bias: random(K + 1) })).toThrow(RangeError);
  });
});
