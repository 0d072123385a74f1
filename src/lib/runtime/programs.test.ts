import { describe, expect, it } from 'vitest';
import { UVIT_DEFAULTS } from '#lib/models/uvit/config.ts';
import { Fault } from '#lib/base/errors.ts';
import type { SampleStep } from '#lib/diffusion/sampler/loop.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import type { SampleSpec } from '#lib/diffusion/sampler/spec.ts';
import type { ProgramRequest, RunRequest, RunResult } from './protocol.ts';
import { runProgram } from './programs.ts';

const config = {
  architecture: 'uvit',
  config: { ...UVIT_DEFAULTS, image: 4, patch: 2, dim: 8, depth: 2, heads: 2, classes: 3 },
  diffusion: { process: 'vp', prediction: 'eps', time: '999t' },
} as unknown as DiffusionModel;
const spec: SampleSpec = { sampler: 'ddim', steps: 5, labels: [0], seed: 1, guidance: 2, outputs: ['norm'] };
const request = (over: Partial<ProgramRequest> = {}): ProgramRequest => ({
  program: 'sampling',
  models: { denoiser: { url: '/m/', config } },
  spec,
  ...over,
});

/** A network that predicts a tenth of what it sees; every pass takes 10 ms of a clock of the test. */
function setup(onRun: (n: number) => void = () => {}) {
  const passes: RunRequest[] = [];
  const steps: SampleStep[] = [];
  const stop = new AbortController();
  let clock = 0;
  const run = async (pass: RunRequest): Promise<RunResult> => {
    if (stop.signal.aborted) throw new Fault('cancelled');
    onRun(passes.push(pass) - 1);
    clock += 10;
    const tensors = pass.outputs.map((name) => ({
      name,
      shape: [pass.batch!, 3, 4, 4],
      data: (pass.inputs['x'] ?? new Float32Array()).map((v) => v / 10),
    }));
    return { tensors, ms: 9, sessionMs: 0, device: 'wasm' };
  };
  const start = (over?: Partial<ProgramRequest>) =>
    runProgram(request(over), {
      run,
      onStep: (s) => steps.push(s as SampleStep),
      signal: stop.signal,
      now: () => clock,
    });
  return { start, passes, steps, stop };
}

describe('a sampling run in the worker', () => {
  it('builds one lasting session, makes a pass a step, streams and sums up', async () => {
    const { start, passes, steps } = setup();
    expect(await start()).toEqual({ steps: 5, ms: 50, forwardMs: 45, device: 'wasm' });
    expect(passes[0]).toMatchObject({
      prepareOnly: true,
      batch: 2,
      lasting: true,
      outputs: ['prediction', 'norm'],
    });
    expect(passes).toHaveLength(6);
    expect(passes.slice(1).every((p) => p.batch === 2 && !p.prepareOnly && !p.interventions)).toBe(true);
    expect(steps.map((s) => [s.step, s.total, s.ms])).toEqual([1, 2, 3, 4, 5].map((k) => [k, 5, 10]));
    expect(steps[0]!.tensors.map((t) => t.name)).toEqual(['norm']);
  });

  it('can be cancelled at every step, and goes on from there', async () => {
    const whole = setup();
    await whole.start();
    for (let k = 1; k < 5; k++) {
      const part = setup((n) => n === k + 1 && part.stop.abort(new Fault('cancelled')));
      await expect(part.start()).rejects.toMatchObject({ code: 'cancelled' });
      expect(part.steps).toHaveLength(k);
      const rest = setup();
      await rest.start({ resume: part.steps.at(-1)! });
      expect(rest.steps).toHaveLength(5 - k);
      expect(rest.steps.at(-1)!.x).toEqual(whole.steps.at(-1)!.x);
    }
  });

  it('asks for interventions only where there are some, and stops where it is told', async () => {
    const { start, passes, steps } = setup();
    await start({ spec: { ...spec, interventions: {}, guidance: 1 }, until: 2 });
    expect(passes.every((p) => p.interventions && p.batch === 1)).toBe(true);
    expect(steps).toHaveLength(2);
  });

  it('refuses a spec before anything is built', async () => {
    const { start, passes } = setup();
    await expect(start({ spec: { ...spec, steps: 0 } })).rejects.toThrow('number of steps is 0');
    expect(passes).toHaveLength(0);
  });
});
