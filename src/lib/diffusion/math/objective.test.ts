import { describe, expect, it } from 'vitest';
import {
  errorsOfV,
  exampleOf,
  idealX0,
  normals,
  process,
  split,
  squaredError,
  target,
  weightAt,
} from './index.ts';

const vp = process('vp');
const x0 = normals(3, 0, 48).map((v) => Math.tanh(v));
const eps = normals(4, 0, 48);

describe('a training example', () => {
  it('is solved by its own target: x0 and ε come back', () => {
    for (const kind of ['eps', 'v', 'x0'] as const) {
      const made = exampleOf(kind, vp, 0.4, x0, eps);
      const back = split(kind === 'x0' ? 'x0' : kind, vp, 0.4, made.x, made.target);
      back.x0.forEach((v, i) => expect(v).toBeCloseTo(x0[i]!, 10));
      back.eps.forEach((v, i) => expect(v).toBeCloseTo(eps[i]!, 10));
    }
  });

  it('has the mean of the squared differences as its error', () => {
    const { cells, mean } = squaredError(Float64Array.of(1, 2, -1), Float64Array.of(0, 2, 1));
    expect([...cells]).toEqual([1, 0, 4]);
    expect(mean).toBeCloseTo(5 / 3, 12);
    expect(() => squaredError(Float64Array.of(1), Float64Array.of(1, 2))).toThrow(RangeError);
  });

  it('has one error in three languages', () => {
    for (const t of [0.05, 0.3, 0.9]) {
      const { x, target: v } = exampleOf('v', vp, t, x0, eps);
      const said = v.map((value, i) => value + 0.1 * Math.sin(i));
      const guess = split('v', vp, t, x, said);
      const parts = errorsOfV(vp, t, squaredError(said, v).mean);
      expect(squaredError(guess.eps, eps).mean).toBeCloseTo(parts.eps, 10);
      expect(squaredError(guess.x0, x0).mean).toBeCloseTo(parts.x0, 10);
    }
  });

  it('weighs v with min(SNR, γ)/(SNR + 1)', () => {
    const snr = (t: number) => (vp.signalRate(t) / vp.noiseRate(t)) ** 2;
    for (const t of [0.05, 0.3, 0.9])
      expect(weightAt('min-snr', 'v', vp, t, 5)).toBeCloseTo(Math.min(snr(t), 5) / (snr(t) + 1), 12);
    expect(weightAt('none', 'v', vp, 0.3)).toBe(1);
  });
});

describe('the ideal denoiser of a few pictures', () => {
  const pictures = [1, 2, 3, 4].map((seed) => normals(seed, 100, 48).map((v) => Math.tanh(v)));

  it('says the mean of all where there is nothing to see, and one picture where there is no doubt', () => {
    const from = (t: number) => {
      const x = exampleOf('eps', vp, t, pictures[2]!, eps).x;
      return idealX0(vp, t, x, pictures);
    };
    expect(from(0.05).weights[2]).toBeGreaterThan(0.999);
    const { weights, x0: mean } = from(1);
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    for (const w of weights) expect(Math.abs(w - 0.25)).toBeLessThan(0.05);
    mean.forEach((v, i) =>
      expect(v).toBeCloseTo(
        pictures.reduce((sum, p, k) => sum + weights[k]! * p[i]!, 0),
        12,
      ),
    );
  });

  it('errs less, over many noises, than any answer beside it', () => {
    const t = 0.8;
    let [ideal, nearest, flat] = [0, 0, 0];
    for (let n = 0; n < 400; n++) {
      const truth = pictures[n % 4]!;
      const x = exampleOf('eps', vp, t, truth, normals(50 + n, 0, 48)).x;
      const { x0: said, weights } = idealX0(vp, t, x, pictures);
      const likeliest = pictures[weights.indexOf(Math.max(...weights))]!;
      const mean = truth.map((_, i) => pictures.reduce((sum, p) => sum + p[i]! / 4, 0));
      ideal += squaredError(said, truth).mean;
      nearest += squaredError(likeliest, truth).mean;
      flat += squaredError(mean, truth).mean;
    }
    expect(ideal).toBeLessThan(nearest);
    expect(ideal).toBeLessThan(flat);
  });

  it('refuses what it cannot answer', () => {
    expect(() => idealX0(vp, 0, x0, [x0])).toThrow('no noise');
    expect(() => idealX0(vp, 0.5, x0, [])).toThrow('no picture');
    expect(target('eps', vp, 0.5, x0, eps)).toEqual(eps);
  });
});
