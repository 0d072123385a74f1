import { describe, expect, it } from 'vitest';
import { exactEps, scoreAt, VP } from '#lib/diffusion/math/mixture.ts';
import { distanceTo, exactEnds, lawOf, MIXTURES, runToy, verdictOf } from './toy.ts';
import { SAMPLERS } from '#lib/diffusion/math/samplers/index.ts';

const at = { mixture: MIXTURES.three, eta: 0, seed: 1, points: 400, sampler: 'ddim', steps: 20 };

describe('the toy', () => {
  it('has the score that the log density falls off by', () => {
    const h = 1e-5;
    for (const t of [0.02, 0.3, 0.9])
      for (const [x, y] of [
        [0.1, -0.4],
        [1.2, 0.9],
      ] as const) {
        const { dx, dy } = scoreAt(MIXTURES.three, t, x, y);
        const log = (u: number, v: number) => scoreAt(MIXTURES.three, t, u, v).log;
        expect(dx).toBeCloseTo((log(x + h, y) - log(x - h, y)) / (2 * h), 4);
        expect(dy).toBeCloseTo((log(x, y + h) - log(x, y - h)) / (2 * h), 4);
      }
  });

  it('is a density: it sums to 1', () => {
    let sum = 0;
    const step = 0.05;
    for (let x = -6; x <= 6; x += step)
      for (let y = -6; y <= 6; y += step)
        sum += Math.exp(scoreAt(MIXTURES.ring, 0.2, x, y).log) * step * step;
    expect(sum).toBeCloseTo(1, 4);
  });

  it('knows the noise best: ε̂ is the mean of ε given x_t', () => {
    // One Gaussian: E[ε | x] = b (x − a m) / V.
    const { x: m, s } = MIXTURES.one.parts[0]!;
    const [a, b] = [VP.signalRate(0.4), VP.noiseRate(0.4)];
    const [ex, ey] = exactEps(MIXTURES.one, Float64Array.of(0.7, -1), 0.4);
    const V = a * a * s * s + b * b;
    expect(ex).toBeCloseTo((b * (0.7 - a * m)) / V, 12);
    expect(ey).toBeCloseTo((b * (-1 - a * m)) / V, 12);
  });

  it('prints the numbers the oracle tests hold the samplers to', async () => {
    // The bound of src/lib/diffusion/math/oracle.test.ts at 20 steps, and what the page prints.
    for (const [sampler, eta, bound, deviation] of [
      ['ddpm', 0, 0.2171, -0.21698],
      ['ddim', 0, 0.1377, -0.13758],
      ['ddim', 0.5, 0.1591, -0.1529],
      ['ddim', 1, 0.2171, -0.21698],
      ['euler', 0, 0.0189, -0.01882],
      ['heun', 0, 0.0002, 0.00006],
      ['dpmpp-2m', 0, 0.0141, 0.01405],
      ['sde', 0, 0.062, -0.06188],
    ] as const) {
      const law = await lawOf(sampler, 20, eta);
      expect(Math.abs(law.deviation), `${sampler} ${eta}`).toBeLessThanOrEqual(bound);
      expect(Math.abs(law.deviation), `${sampler} ${eta}`).toBeCloseTo(Math.abs(deviation), 4);
    }
  });

  it('spreads its points as the law says', async () => {
    for (const sampler of SAMPLERS) {
      const run = await runToy({ ...at, mixture: MIXTURES.one, sampler, points: 4000 });
      const { deviation, mean } = await lawOf(sampler, 20);
      const end = run.states.at(-1)!;
      const middle = end.reduce((sum, v) => sum + v, 0) / end.length;
      const found = Math.sqrt(end.reduce((sum, v) => sum + (v - middle) ** 2, 0) / end.length) / 0.5 - 1;
      expect(middle).toBeCloseTo(mean, 1);
      expect(Math.abs(found - deviation)).toBeLessThan(0.03);
      expect(run.times).toHaveLength(21);
    }
  });

  it('has an exact answer that more steps do not move, and that samplers come nearer to with more steps', async () => {
    const exact = await exactEnds(at);
    const finer = (await runToy({ ...at, sampler: 'heun', steps: 400 })).states.at(-1)!;
    expect(distanceTo(exact, finer)).toBeLessThan(0.01);
    for (const sampler of ['ddim', 'euler', 'heun', 'dpmpp-2m']) {
      const off = async (steps: number) =>
        distanceTo(exact, (await runToy({ ...at, sampler, steps })).states.at(-1)!);
      expect(await off(80), sampler).toBeLessThan(await off(10));
    }
  });

  it('tells a right answer from a wrong one', async () => {
    const good = verdictOf(MIXTURES.three, await exactEnds({ ...at, points: 3000 }));
    expect(good.share).toBeLessThan(0.03);
    expect(Math.abs(good.spread)).toBeLessThan(0.05);
    const all = new Float64Array(200).fill(-0.8);
    expect(verdictOf(MIXTURES.three, all).share).toBeCloseTo(0.5, 6);
  });

  it('stops when told', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(runToy(at, stop.signal)).rejects.toThrow('enough');
  });
});
