import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as D from './index.ts';

// The numbers of training/diffusion, written by `python -m training.tests.diffusion_golden`.

interface Run {
  sampler: D.SamplerName;
  process: D.ProcessName;
  predicts: D.Prediction;
  options: Omit<Partial<D.SampleOptions>, 'process' | 'model' | 'x'>;
  first: number[];
  x0: number[];
  eps: number[];
  last: number[];
  last32: number[];
}
interface ProcessNumbers {
  signalRate: number[];
  noiseRate: number[];
  slopes: [number, number][];
  halfLogSnr: number[];
  timeAt: number[];
  beta?: number[];
  posterior?: number[];
  networkTime?: number[];
}
interface Golden {
  indices: number[];
  times: number[];
  length: number;
  steps: number;
  seed: number;
  noise: {
    blocks: { counter: number[]; key: number[]; words: number[] }[];
    stretches: { seed: number; stream: number; from: number; count: number; values: number[] }[];
  };
  schedules: Record<D.ScheduleName, { betas: number[]; alphasCumprod: number[] }>;
  processes: Record<D.ProcessName, ProcessNumbers>;
  grids: { process: D.ProcessName; options: D.GridOptions; times: number[] }[];
  conversions: {
    process: D.ProcessName;
    predicts: D.Prediction;
    x0: number[];
    eps: number[];
    target: number[];
  }[];
  guidance: { weight: number[]; scale: number[] };
  lossWeights: number[][][];
  logitNormal: number[];
  vpAlphaBar: number[];
  runs: Run[];
}

const path = new URL('../../../../training/tests/golden/diffusion.json', import.meta.url);
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

/** Numbers equal to `limit`, absolutely and relatively. */
function close(found: ArrayLike<number>, wanted: readonly number[], limit = 1e-9): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    const scale = Math.max(1, Math.abs(value));
    expect(Math.abs(found[i]! - value) / scale, `element ${i}: ${found[i]!}, not ${value}`).toBeLessThan(
      limit,
    );
  });
}

/** The stand-in network of the golden file. */
function network(x: D.Values, time: number): Float64Array {
  const gain = 0.6 + 0.3 * Math.cos(0.005 * time);
  return Float64Array.from(x, (value, i) => Math.tanh(gain * value) + 0.1 * Math.sin(i));
}

describe('the numbers of training/diffusion', () => {
  it('noise: words and normals', () => {
    for (const { counter, key, words } of golden.noise.blocks)
      expect([...D.philox(counter, key)]).toEqual(words);
    for (const { seed, stream, from, count, values } of golden.noise.stretches)
      close(D.normals(seed, from, count, stream), values, 1e-12);
  });

  it('noise: the published answers of Philox4x32-10', () => {
    const hex = golden.noise.blocks.map(({ counter, key }) =>
      [...D.philox(counter, key)].map((word) => word.toString(16).padStart(8, '0')).join(' '),
    );
    expect(hex).toEqual([
      '6627e8d5 e169c58d bc57ac4c 9b00dbd8',
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ]);
  });

  it.each(D.SCHEDULES)('schedule %s', (name) => {
    const table = D.schedule(name);
    const at = (values: Float64Array) => golden.indices.map((n) => values[n]!);
    close(at(table.betas), golden.schedules[name].betas, 1e-12);
    close(at(table.alphasCumprod), golden.schedules[name].alphasCumprod, 1e-12);
  });

  it.each(D.PROCESSES)('process %s', (name) => {
    const [p, wanted] = [D.process(name), golden.processes[name]];
    const at = (f: (t: number) => number) => golden.times.map(f);
    close(at(p.signalRate), wanted.signalRate);
    close(at(p.noiseRate), wanted.noiseRate);
    close(at((t) => p.rateSlopes(t).signal), wanted.slopes.map(([signal]) => signal)); // prettier-ignore
    close(at((t) => p.rateSlopes(t).noise), wanted.slopes.map(([, noise]) => noise)); // prettier-ignore
    close(at(p.halfLogSnr), wanted.halfLogSnr);
    close(
      at((t) => p.timeAt(p.halfLogSnr(t))),
      wanted.timeAt,
    );
    expect('alphaBar' in p).toBe(wanted.beta !== undefined);
    if (wanted.beta) close(at(D.requireVp(p, 'test').beta), wanted.beta);
    if (wanted.posterior) {
      const q = D.posterior(p, 0.5, 0.25);
      close([q.fromX0, q.fromX, q.variance, q.beta], wanted.posterior);
    }
    if (wanted.networkTime)
      close(D.TIME_CONVENTIONS.map((c) => D.networkTime(c, 0.25, p)), wanted.networkTime); // prettier-ignore
    if (name === 'vp') close(at(D.vpProcess().alphaBar), golden.vpAlphaBar);
  });

  it('grids', () => {
    for (const { process, options, times } of golden.grids)
      close(D.timeGrid(D.process(process), options), times);
  });

  it('conversions, guidance, loss weights', () => {
    const [x, prediction] = [D.normals(3, 0, 4), D.normals(3, 4, 4)];
    for (const { process, predicts, x0, eps, target } of golden.conversions) {
      const p = D.process(process);
      const found = D.split(predicts, p, 0.3, x, prediction, [-1, 1]);
      close(found.x0, x0);
      close(found.eps, eps);
      close(D.target(predicts, p, 0.3, x, prediction), target);
    }
    const [cond, uncond] = [D.normals(4, 0, 3), D.normals(4, 3, 3)];
    close(D.guide(cond, uncond, 2.5), golden.guidance.weight);
    close(D.guideByScale(cond, uncond, 0.4), golden.guidance.scale);
    D.WEIGHTINGS.forEach((weighting, i) =>
      (['x0', 'eps', 'v'] as const).forEach(
        (kind, j) =>
        close([0.01, 1, 5, 80].map((snr) => D.lossWeight(weighting, kind, snr)), golden.lossWeights[i]![j]!), // prettier-ignore
      ),
    );
    close([-2, 0, 1].map((n) => D.logitNormalTime(n, 0.2, 1.5)), golden.logitNormal); // prettier-ignore
  });

  it('has a run of every sampler', () => {
    expect(new Set(golden.runs.map((run) => run.sampler))).toEqual(new Set(D.SAMPLERS));
  });

  it.each(golden.runs)('$sampler on $process, predicting $predicts, $options', async (run) => {
    const start = () => {
      const noise = new D.SeededNoise(golden.seed);
      const x = noise.normal(golden.length);
      const { sampler, predicts, options } = run;
      const shared = { ...options, process: D.process(run.process), model: network, predicts, noise };
      return { sampler, x, shared: { ...shared, steps: golden.steps } };
    };
    const double = start();
    const steps: D.SamplerStep<Float64Array>[] = [];
    for await (const step of D.sample(double.sampler, { ...double.shared, x: double.x })) steps.push(step);
    expect(steps.map((step) => step.step)).toEqual(steps.map((_, i) => i + 1));
    close(steps[0]!.x, run.first);
    close(steps[golden.steps / 2]!.x0, run.x0);
    close(steps[golden.steps / 2]!.eps, run.eps);
    close(steps.at(-1)!.x, run.last);

    const single = start();
    const last = await D.finish(
      D.sample(single.sampler, { ...single.shared, x: Float32Array.from(single.x) }),
    );
    expect(last.x).toBeInstanceOf(Float32Array);
    close(last.x, run.last32, 1e-5);
  });
});
