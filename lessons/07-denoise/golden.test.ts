import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { split } from '#lib/diffusion/math/convert.ts';
import { exampleOf, squaredError, weightAt } from '#lib/diffusion/math/objective.ts';
import { process } from '#lib/diffusion/math/process.ts';
import { SAMPLERS } from '#lib/diffusion/math/samplers/index.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { sampleModel, type Forward, type SampleStep } from '#lib/diffusion/sampler/loop.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import { PREDICTION, type SampleSpec } from '#lib/diffusion/sampler/spec.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig, type DiffusionModel } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { meanCorrelation } from '#lib/analysis/correlation.ts';
import { rms, rmsBetween } from '#lib/analysis/rms.ts';
import { RECIPE } from './model.ts';
import { TENS, tenthSeed } from './state.ts';
import { saturated } from './value-range.ts';
import { angleBetween, slerp } from '#lib/diffusion/math/slerp.ts';

// The lesson's default run and what it shows of it, beside tests/reference.py (PyTorch, the same weights).
const TEN = 10;

describe('uvit-cifar10 paints in the page what PyTorch paints', () => {
  const read = (file: string) => new Uint8Array(readFileSync(`models/uvit-cifar10/${file}`));
  const golden = parseSafetensors(
    new Uint8Array(readFileSync('lessons/07-denoise/tests/golden.safetensors')),
  );
  const model = parseModelConfig(new TextDecoder().decode(read('config.json'))) as DiffusionModel;
  const each = model.config.channels * model.config.image ** 2;
  const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
  const sessions = new Map<number, (...asked: Parameters<Forward>) => ReturnType<Forward>>();
  beforeAll(async () => {
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = 'error';
    for (const batch of [1, 2]) {
      const { graph, encoded } = prepareModel(weights, model, { batch, outputs: [PREDICTION] });
      const session = await ortSessions(ort, 'wasm')(encoded);
      sessions.set(batch, (inputs, outputs) =>
        session.run(
          encoded.inputs.map((name) => ({ name, shape: graph.value(name).shape, data: inputs[name]! })),
          outputs,
        ),
      );
    }
  }, 60_000);
  const forward: Forward = (inputs, outputs) => sessions.get(inputs['t']!.length)!(inputs, outputs);
  const DEFAULT: SampleSpec = { sampler: 'ddim', steps: 20, labels: [7], seed: 44, guidance: 2, eta: 0 };
  /** Runs by what was asked for: the lesson's default is among those of most tests. */
  const ran = new Map<string, Promise<SampleStep[]>>();
  function run(over: Partial<SampleSpec> = {}): Promise<SampleStep[]> {
    const spec = { ...DEFAULT, ...over };
    const key = JSON.stringify(spec);
    const known = ran.get(key);
    if (known) return known;
    const steps = (async () => {
      const list: SampleStep[] = [];
      for await (const step of sampleModel(model, spec, forward)) list.push(step);
      return list;
    })();
    ran.set(key, steps);
    return steps;
  }
  const part = (name: string, k: number) => golden.float32(name).subarray(k * each, (k + 1) * each);
  const worst = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    expect(a.length).toBe(b.length);
    return Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
  };

  it('at the beginning, half way and at the end', async () => {
    const steps = await run();
    const x = [startNoise(DEFAULT.seed, 1, each), ...steps.map((s) => s.x)];
    for (const [i, k] of [0, 10, 20].entries())
      expect(worst(x[k]!, part('states', i)), `x ${k}`).toBeLessThan(1e-3);
    for (const [i, k] of [0, 10].entries()) {
      expect(worst(steps[k]!.eps, part('eps', i)), `eps ${k}`).toBeLessThan(1e-3);
      expect(worst(steps[k]!.x0, part('x0', i)), `x0 ${k}`).toBeLessThan(1e-3);
    }
    expect(
      worst(
        x.map((of) => rms(of)),
        golden.float32('rms'),
      ),
    ).toBeLessThan(1e-3);
    // What the page says of the two predictions for the state it stands at.
    const p = process(model.diffusion.process, model.diffusion.steps);
    const { t, x: at } = steps[9]!;
    const answer = await forward(
      {
        x: Float32Array.from([...at, ...at]),
        t: Float32Array.of(999 * t, 999 * t),
        y: Float32Array.of(7, 10),
      },
      [PREDICTION],
    );
    const eps = [0, 1].map((half) => {
      const said = answer[0]!.data.slice(half * each, (half + 1) * each);
      return split(model.diffusion.prediction, p, t, at, said).eps;
    });
    const shown = [rms(eps[1]!), rms(eps[0]!), rmsBetween(eps[0]!, eps[1]!)];
    expect(worst(shown, golden.float32('guide.rms'))).toBeLessThan(1e-3);
  });

  it('with every sampler, as far from the reference', async () => {
    const off: number[] = [];
    for (const [i, sampler] of SAMPLERS.entries()) {
      const end = (await run({ sampler })).at(-1)!.x;
      expect(worst(end, part('samplers', i)), sampler).toBeLessThan(1e-3);
      off.push(rmsBetween(end, golden.float32('reference')));
    }
    expect(worst(off, golden.float32('samplers.off'))).toBeLessThan(1e-3);
  }, 60_000);

  it('under every guidance weight, as saturated', async () => {
    for (const [i, guidance] of [0, 1, 2, 4, 8].entries()) {
      const end = (await run({ guidance })).at(-1)!.x;
      expect(worst(end, part('scales', i)), `w ${guidance}`).toBeLessThan(1e-3);
      expect(Math.abs(saturated(end) - golden.float32('saturated')[i]!)).toBeLessThan(5e-3);
    }
  }, 60_000);

  it('under ten classes from one noise, and under one class from ten', async () => {
    for (const ten of TENS) {
      const ends: Float32Array[] = [];
      for (let i = 0; i < TEN; i++) {
        const over = ten === 'classes' ? { labels: [i] } : { seed: tenthSeed(DEFAULT.seed, i) };
        ends.push((await run(over)).at(-1)!.x);
      }
      const alike = meanCorrelation(ends);
      expect(Math.abs(alike - golden.float32(`ten.${ten}`)[0]!)).toBeLessThan(1e-3);
      // As both languages say it.
      expect(alike).toBeCloseTo({ classes: 0.67, noises: 0.04 }[ten], 2);
    }
  }, 120_000);

  it('marks a training example as the training itself does', async () => {
    const x0 = golden.float32('train.x0');
    const p = process(model.diffusion.process, model.diffusion.steps);
    for (const [i, t] of [0.5, 0.1, 1].entries()) {
      const made = exampleOf(model.diffusion.prediction, p, t, x0, startNoise(44, 1, each));
      const answer = await forward({ x: made.x, t: Float32Array.of(999 * t), y: Float32Array.of(1) }, [
        PREDICTION,
      ]);
      const { cells, mean } = squaredError(answer[0]!.data, made.target);
      const weight = weightAt(RECIPE.weighting, model.diffusion.prediction, p, t, RECIPE.gamma);
      const [wantedMean, wantedWeight] = golden.float32('train.loss').subarray(2 * i, 2 * i + 2);
      expect(Math.abs(mean - wantedMean!)).toBeLessThan(1e-4);
      expect(Math.abs(weight - wantedWeight!)).toBeLessThan(1e-6);
      if (i === 0) expect(worst(cells, golden.float32('train.cells'))).toBeLessThan(2e-3);
    }
  });

  it('from noises between two seeds', () => {
    const [a, b] = [startNoise(44, 1, each), startNoise(46, 1, each)];
    const straight = a.map((v, i) => (v + b[i]!) / 2);
    const shown = [(angleBetween(a, b) * 180) / Math.PI, rms(slerp(a, b, 0.5)), rms(straight)];
    expect(worst(shown, golden.float32('arc'))).toBeLessThan(1e-3);
  });
});
