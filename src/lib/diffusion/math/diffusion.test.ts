import { describe, expect, it } from 'vitest';
import * as D from './index.ts';

const vp = D.vpProcess();
const flow = D.rectifiedFlow();
const near = (found: ArrayLike<number>, wanted: ArrayLike<number>, limit = 1e-12) => {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(Math.abs(found[i]! - wanted[i]!)).toBeLessThan(limit);
};

describe('schedules', () => {
  it.each([
    ['linear', ['0.9999', '0.897', '0.524', '0.0786', '0.00335', '0.000040']],
    ['cosine', ['1.0', '0.972', '0.847', '0.494', '0.144', '0.00000000']],
    ['scaled-linear', ['0.99915', '0.895', '0.675', '0.278', '0.0566', '0.00466']],
  ])('%s has the published ᾱ', (name, values) => {
    const { alphasCumprod } = D.schedule(name);
    [0, 99, 249, 499, 749, 999].forEach((n, i) => {
      const text = values[i]!;
      const lastDigit = 10 ** -text.split('.')[1]!.length;
      expect(Math.abs(alphasCumprod[n]! - Number(text))).toBeLessThanOrEqual(0.5001 * lastDigit);
    });
  });

  it('crosses SNR 5 at index 130 and SNR 1 at 259 (linear)', () => {
    const ratios = D.schedule('linear').alphasCumprod.map(D.snr);
    expect(ratios.findIndex((value) => value < 5)).toBe(130);
    expect(ratios.findIndex((value) => value < 1)).toBe(259);
    expect(D.halfLogSnr(0.5)).toBe(0);
    expect(D.snr(1)).toBe(Infinity);
  });

  it.each(D.SCHEDULES)('%s as a process holds the table and its indices', (name) => {
    const table = D.schedule(name);
    const p = D.discreteProcess(table);
    for (let n = 0; n < 1000; n++) {
      const t = D.timeOfIndex(n, 1000);
      expect(p.alphaBar(t) / table.alphasCumprod[n]!).toBeCloseTo(1, 9);
      expect(p.beta(t) / (-1000 * Math.log1p(-table.betas[n]!))).toBeCloseTo(1, 9);
      expect(D.networkTime('index', t, p)).toBe(n);
      expect(D.networkTime('count', t, p)).toBe(n + 1);
    }
    expect(p.beta(0.1 + 0.2)).toBe(p.beta(0.3)); // 300.00000000000006 is still step 300
  });

  it.each(D.PROCESSES)('%s is consistent: slopes, λ and its inverse', (name) => {
    const p = D.process(name);
    expect([p.signalRate(0), p.noiseRate(0), p.halfLogSnr(0)]).toEqual([1, 0, Infinity]);
    // Never at an index of a discrete schedule, where the slopes have a kink.
    for (let t = 0.01053; t < 0.99; t += 0.02) {
      const d = 1e-7;
      const { signal, noise } = p.rateSlopes(t);
      expect((p.signalRate(t + d) - p.signalRate(t - d)) / (2 * d)).toBeCloseTo(signal, 5);
      expect((p.noiseRate(t + d) - p.noiseRate(t - d)) / (2 * d)).toBeCloseTo(noise, 5);
      expect(p.halfLogSnr(t)).toBeCloseTo(Math.log(p.signalRate(t) / p.noiseRate(t)), 8);
      expect(p.timeAt(p.halfLogSnr(t))).toBeCloseTo(t, 9);
    }
  });
});

describe('grids', () => {
  it('snapping uses every index when there are as many steps', () => {
    const all = Array.from({ length: 11 }, (_, i) => (10 - i) / 10);
    const p = D.process('linear', 10);
    for (const spacing of D.SPACINGS)
      expect(D.timeGrid(p, { steps: 10, spacing, closest: 0.1, snap: true })).toEqual(all);
    for (let steps = 1; steps <= 10; steps++) {
      const cosine = D.process('cosine', 10);
      for (const spacing of D.SPACINGS) {
        const times = D.timeGrid(cosine, { steps, spacing, closest: 0.1, snap: true });
        expect([times[0], times.at(-1), times.length]).toEqual([1, 0, steps + 1]);
        times.slice(1).forEach((t, i) => expect(t).toBeLessThan(times[i]!));
      }
    }
  });
});

describe('forward', () => {
  it('the chain is the closed form', () => {
    // Columns of the chain's affine map: x0 alone, then every link's noise alone.
    const unit = (i: number) => Float64Array.from({ length: 61 }, (_, j) => (i === j ? 1 : 0));
    const table = D.schedule('linear', 60);
    let drawn = 0;
    for (const { index, x } of D.chain(table, unit(0), { normal: () => unit(++drawn) })) {
      expect(x[0]! ** 2).toBeCloseTo(table.alphasCumprod[index]!, 12);
      const noise = x.slice(1).reduce((sum, v) => sum + v * v, 0);
      expect(noise).toBeCloseTo(1 - table.alphasCumprod[index]!, 12);
    }
    expect(drawn).toBe(60);
  });

  it('the posterior is equation 7 of DDPM, and its ε form', () => {
    const table = D.schedule('linear');
    const p = D.discreteProcess(table);
    const [x, eps] = [D.normals(1, 0, 5), D.normals(1, 5, 5)];
    for (const n of [1, 259, 999]) {
      const [beta, ab, before] = [table.betas[n]!, table.alphasCumprod[n]!, table.alphasCumprod[n - 1]!];
      const q = D.posterior(p, (n + 1) / 1000, n / 1000);
      expect(q.fromX0).toBeCloseTo((Math.sqrt(before) * beta) / (1 - ab), 10);
      expect(q.fromX).toBeCloseTo((Math.sqrt(1 - beta) * (1 - before)) / (1 - ab), 10);
      expect(q.variance).toBeCloseTo((beta * (1 - before)) / (1 - ab), 10);
      expect(q.beta).toBeCloseTo(beta, 10);
      const { x0 } = D.split('eps', p, (n + 1) / 1000, x, eps);
      const wanted = D.mix(x, [1 / Math.sqrt(1 - beta), x], [-beta / Math.sqrt((1 - ab) * (1 - beta)), eps]);
      near(D.posteriorMean(q, x0, x), wanted, 1e-9);
    }
    expect(D.posterior(p, 0.001, 0).variance).toBe(0);
  });
});

describe('conversions', () => {
  it.each(['vp', 'cosine', 'rectified-flow'])('go round on %s', (name) => {
    const p = D.process(name);
    const [x0, eps] = [D.normals(2, 0, 6), D.normals(2, 6, 6)];
    const x = D.addNoise(p, 0.4, x0, eps);
    for (const kind of D.PREDICTIONS) {
      const prediction = D.target(kind, p, 0.4, x0, eps);
      const found = D.split(kind, p, 0.4, x, prediction);
      near(found.x0, x0);
      near(found.eps, eps);
      for (const other of D.PREDICTIONS)
        near(D.convert(kind, other, p, 0.4, x, prediction), D.target(other, p, 0.4, x0, eps));
    }
    const kept = D.split('eps', p, 0.4, x, eps, [-0.5, 0.5]);
    expect(Math.max(...kept.x0.map(Math.abs))).toBeLessThanOrEqual(0.5);
    near(D.addNoise(p, 0.4, kept.x0, kept.eps), x);
  });

  it('v and u are their definitions', () => {
    const [x, v] = [D.normals(5, 0, 3), D.normals(5, 3, 3)];
    const [a, b] = [vp.signalRate(0.6), vp.noiseRate(0.6)];
    const { x0, eps } = D.split('v', vp, 0.6, x, v);
    near(x0, x.map((value, i) => a * value - b * v[i]!)); // prettier-ignore
    near(eps, x.map((value, i) => b * value + a * v[i]!)); // prettier-ignore
    near(D.target('u', flow, 0.6, x, v), v.map((value, i) => value - x[i]!)); // prettier-ignore
  });

  it('guidance in both conventions', () => {
    const [cond, uncond] = [D.normals(6, 0, 3), D.normals(6, 3, 3)];
    near(D.guide(cond, uncond, 1), cond);
    near(D.guide(cond, uncond, 0), uncond);
    const wanted = cond.map((c, i) => c + 0.4 * (c - uncond[i]!));
    near(D.guideByScale(cond, uncond, 0.4), wanted);
    near(D.guide(cond, uncond, D.weightOfScale(0.4)), wanted);
    expect(D.scaleOfWeight(1.5)).toBe(0.5);
  });
});

describe('noise', () => {
  it('reads alike in any pieces', () => {
    const whole = D.normals(9, 0, 23, 4);
    const source = new D.SeededNoise(9, 4);
    expect([1, 6, 0, 16].flatMap((n) => [...source.normal(n)])).toEqual([...whole]);
    expect(new D.SeededNoise(9, 4, 5).normal(6)).toEqual(whole.slice(5, 11));
    expect(D.normals(9, 0, 4, 5)).not.toEqual(whole.slice(0, 4));
  });

  it('is normal: mean, variance and fourth moment within four standard errors', () => {
    const many = D.normals(1, 0, 200_000);
    const moment = (power: number) => many.reduce((sum, z) => sum + z ** power, 0) / many.length;
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(many.length));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / many.length));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / many.length));
  });
});

describe('samplers', () => {
  const model = (x: Float64Array, t: number) => x.map((v, i) => Math.tanh(v * (0.5 + t)) + 0.1 * i);
  const all = async (sampler: D.Sampler<Float64Array>) => {
    const steps = [];
    for await (const step of sampler) steps.push(step);
    return steps;
  };

  it.each(['linear', 'vp'])('DDIM with η = 1 is DDPM on %s, every step of the way', async (name) => {
    const run = (sampler: string, own: object) => {
      const noise = new D.SeededNoise(11);
      const x = noise.normal(8);
      const shared = { process: D.process(name), model, predicts: 'v', x, noise, steps: 25 } as const;
      return all(D.sample(sampler, { ...shared, ...own }));
    };
    const [ddim, ddpm] = [await run('ddim', { eta: 1 }), await run('ddpm', { variance: 'small' })];
    ddim.forEach((step, i) => near(step.x, ddpm[i]!.x));
  });

  it('feeds the network its own time, awaits it, and leaves the start untouched', async () => {
    const fed: number[] = [];
    const x = Float32Array.of(1, -1);
    const slow = async (state: Float32Array, time: number) => {
      await Promise.resolve();
      fed.push(time);
      return state.map((v) => 0.1 * v);
    };
    const shared = { process: D.process('linear'), predicts: 'v', model: slow, x, steps: 4 } as const;
    const last = await D.finish(D.sample('ddim', { ...shared, time: 'index' }));
    expect(fed).toEqual([999, 749, 499, 249]);
    expect([last.step, last.t]).toEqual([4, 0]);
    expect(last.x).not.toBe(x);
    expect([...x]).toEqual([1, -1]);
  });

  it('stops when asked, before the model is called again', async () => {
    const stop = new AbortController();
    let calls = 0;
    const counted = (x: Float64Array, t: number) => (calls++, model(x, t));
    const x = D.normals(1, 0, 4);
    const sampler = D.sample('ddim', {
      process: vp,
      model: counted,
      predicts: 'v',
      x,
      steps: 9,
      signal: stop.signal,
    });
    const run = async () => {
      for await (const step of sampler) if (step.step === 3) stop.abort();
    };
    await expect(run()).rejects.toThrow(/abort/i);
    expect(calls).toBe(3);
  });

  it('drops an answer that comes after the stop', async () => {
    const stop = new AbortController();
    const late = (x: Float64Array) => (stop.abort(new Error('newer wish')), x);
    const shared = { process: vp, model: late, predicts: 'v', x: D.normals(1, 0, 4), steps: 1 } as const;
    await expect(all(D.sample('ddim', { ...shared, signal: stop.signal }))).rejects.toThrow('newer wish');
  });
});
