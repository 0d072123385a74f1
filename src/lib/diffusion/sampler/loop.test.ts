import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { graphOf } from '#lib/models/registry.ts';
import { UVIT_DEFAULTS } from '#lib/models/uvit/config.ts';
import { guide, normals, process, sample, SeededNoise, type SampleOptions } from '../math/index.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import { sampleModel, type Forward, type SampleStep } from './loop.ts';
import { PREDICTION, type SampleSpec } from './spec.ts';

const config = { ...UVIT_DEFAULTS, image: 8, patch: 4, dim: 16, depth: 2, heads: 2, classes: 3 };
const model = {
  name: 'tiny',
  architecture: 'uvit',
  config,
  diffusion: { process: 'vp', prediction: 'v', time: '999t' },
} as unknown as DiffusionModel;
const flow = {
  ...model,
  diffusion: { process: 'rectified-flow', prediction: 'u', time: '1000t' },
} as DiffusionModel;
const EACH = 3 * 8 * 8;
const ATTENTION = 'mid_block.attn.probs';

/** Weights large enough for class, time and skips to matter. */
const strong = (w: { shape: readonly number[]; name: string }, z: number) =>
  w.shape.length > 1 ? 0.3 * z : w.name.endsWith('.weight') ? 1 : 0.1 * z;

/** Forward passes on WASM, by batch; what they were fed is remembered. */
const forwards = new Map<number, Forward>();
let fed: Readonly<Record<string, Float32Array>>[] = [];
beforeAll(async () => {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  for (const batch of [1, 2, 4]) {
    const outputs = [PREDICTION, ATTENTION];
    const weights = seededWeights(graphOf(model as never), 5, strong);
    const { graph, encoded, neutral } = prepareModel(weights, model as never, {
      batch,
      outputs,
      interventions: true,
    });
    const session = await ortSessions(ort, 'wasm')(encoded, { lasting: true });
    forwards.set(batch, (inputs, names) => {
      fed.push(inputs);
      const feeds = encoded.inputs.map((name) => ({
        name,
        shape: graph.value(name).shape,
        data: inputs[name] ?? neutral[name]!,
      }));
      return session.run(feeds, names);
    });
  }
}, 60_000);
const forward: Forward = (inputs, outputs) => forwards.get(inputs['t']!.length)!(inputs, outputs);

const spec = (over: Partial<SampleSpec> = {}): SampleSpec => ({
  sampler: 'ddim',
  steps: 4,
  labels: [1],
  seed: 7,
  ...over,
});
async function all(steps: AsyncGenerator<SampleStep>): Promise<SampleStep[]> {
  const out: SampleStep[] = [];
  for await (const step of steps) out.push(step);
  return out;
}
const worst = (a: Float32Array, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
};

/** The same run by the pure sampler alone, with guidance written out. */
async function pure(
  name: string,
  steps: number,
  w: number,
  extra: Partial<SampleOptions<Float32Array>> = {},
) {
  const p = process('vp');
  const one = async (x: Float32Array, time: number, label: number) =>
    (await forwards.get(1)!({ x, t: Float32Array.of(time), y: Float32Array.of(label) }, [PREDICTION]))[0]!
      .data;
  let last: Float32Array | undefined;
  for await (const step of sample<Float32Array>(name, {
    process: p,
    predicts: 'v',
    time: '999t',
    steps,
    clip: [-1, 1],
    x: Float32Array.from(normals(7, 0, EACH, 0)),
    noise: new SeededNoise(8, 0),
    model: async (x, time) =>
      w === 1 ? one(x, time, 1) : guide(await one(x, time, 1), await one(x, time, 3), w),
    ...extra,
  }))
    last = step.x;
  return last!;
}

describe('sampling with a model', () => {
  it.each(['ddpm', 'ddim', 'euler', 'heun', 'dpmpp-2m', 'sde'])(
    '%s is the pure sampler on the network',
    async (sampler) => {
      const steps = await all(sampleModel(model, spec({ sampler, steps: 5 }), forward));
      expect(steps.map((s) => s.step)).toEqual([1, 2, 3, 4, 5]);
      expect(steps.at(-1)!.t).toBe(0);
      expect(worst(steps.at(-1)!.x, await pure(sampler, 5, 1))).toBe(0);
    },
  );

  it('guides with both predictions in one pass of twice the batch', async () => {
    fed = [];
    const steps = await all(sampleModel(model, spec({ guidance: 2.5 }), forward));
    expect(fed).toHaveLength(4);
    expect([...fed[0]!['y']!]).toEqual([1, 3]);
    expect(fed[0]!['x']!.slice(0, EACH)).toEqual(fed[0]!['x']!.slice(EACH));
    expect(worst(steps.at(-1)!.x, await pure('ddim', 4, 2.5))).toBeLessThan(1e-5);
    expect(worst(steps.at(-1)!.x, await pure('ddim', 4, 1))).toBeGreaterThan(0.01);
    const first = steps[0]!;
    const mixed = guide(first.epsCond!, first.epsUncond!, 2.5);
    const free = (await all(sampleModel(model, spec({ guidance: 2.5, clip: false }), forward)))[0]!;
    expect(worst(mixed, free.eps)).toBeLessThan(1e-5);
    fed = [];
    await all(sampleModel(model, spec({ guidance: 0 }), forward));
    expect([...fed[0]!['y']!]).toEqual([3]);
  });

  it('makes each picture the same, whatever is made beside it', async () => {
    for (const sampler of ['ddim', 'sde']) {
      const alone = (await all(sampleModel(model, spec({ sampler }), forward))).at(-1)!;
      const among = (await all(sampleModel(model, spec({ sampler, labels: [1, 2] }), forward))).at(-1)!;
      expect(worst(alone.x, among.x.subarray(0, EACH))).toBeLessThan(1e-5);
      expect(worst(alone.x, among.x.subarray(EACH))).toBeGreaterThan(0.1);
    }
  });

  it.each(['ddpm', 'heun', 'dpmpp-2m', 'sde'])(
    '%s goes on after any step as if it had not stopped',
    async (sampler) => {
      const what = spec({ sampler, steps: 5, guidance: 2 });
      const whole = await all(sampleModel(model, what, forward));
      for (let k = 0; k < 5; k++) {
        const part = await all(sampleModel(model, what, forward, { until: k }));
        expect(part).toHaveLength(k);
        const resume = part.at(-1);
        const rest = await all(sampleModel(model, what, forward, resume ? { resume } : {}));
        expect(rest.map((s) => s.step)).toEqual([1, 2, 3, 4, 5].slice(k));
        expect(worst(rest.at(-1)!.x, whole.at(-1)!.x)).toBe(0);
      }
      expect(await all(sampleModel(model, what, forward, { resume: whole.at(-1)! }))).toEqual([]);
    },
  );

  it('stops at any step when told, before the next pass', async () => {
    for (let k = 0; k < 4; k++) {
      const stop = new AbortController();
      const reason = new Error('enough');
      fed = [];
      const seen: number[] = [];
      if (k === 0) stop.abort(reason);
      const run = async () => {
        for await (const { step } of sampleModel(model, spec(), forward, { signal: stop.signal })) {
          seen.push(step);
          if (step === k) stop.abort(reason);
        }
      };
      await expect(run()).rejects.toBe(reason);
      expect(seen).toEqual([1, 2, 3].slice(0, k));
      expect(fed).toHaveLength(k);
    }
  });

  it('hands on the wanted tensors of the pass it set out with, both halves', async () => {
    const steps = await all(
      sampleModel(model, spec({ sampler: 'heun', steps: 2, guidance: 2, outputs: [ATTENTION] }), forward),
    );
    for (const { tensors } of steps)
      expect(tensors.map((t) => [t.name, ...t.shape])).toEqual([[ATTENTION, 2, 2, 6, 6]]);
    const [probs] = await forwards.get(2)!(
      {
        x: twice(Float32Array.from(normals(7, 0, EACH, 0))),
        t: Float32Array.of(999, 999),
        y: Float32Array.of(1, 3),
      },
      [ATTENTION],
    );
    expect(worst(steps[0]!.tensors[0]!.data, probs!.data)).toBe(0);
    expect(steps.every((s) => s.ms >= 0)).toBe(true);
  });

  it('passes interventions on', async () => {
    const plain = (await all(sampleModel(model, spec(), forward))).at(-1)!;
    const cut = { skip_gates: Float32Array.of(0) };
    const other = (await all(sampleModel(model, spec({ interventions: cut }), forward))).at(-1)!;
    expect(worst(plain.x, other.x)).toBeGreaterThan(1e-3);
  });

  it('keeps the known part of a picture', async () => {
    const picture = Float32Array.from({ length: EACH }, (_, i) => Math.sin(i));
    const mask = Float32Array.from({ length: 64 }, (_, i) => (i < 32 ? 1 : 0));
    const steps = await all(sampleModel(model, spec({ known: { picture, mask } }), forward));
    const noise = normals(7, 0, EACH, 0);
    const p = process('vp');
    for (const { t, x } of steps) {
      expect(x[5]).toBeCloseTo(p.signalRate(t) * picture[5]! + p.noiseRate(t) * noise[5]!, 5);
    }
    expect(steps.at(-1)!.x[70]).toBeCloseTo(picture[70]!, 6);
    expect(steps.at(-1)!.x[40]).not.toBeCloseTo(picture[40]!, 2);

    // Noise that was given is the one it is put back with, too.
    const x = Float32Array.from({ length: EACH }, (_, i) => Math.cos(i));
    for (const step of await all(sampleModel(model, spec({ x, known: { picture, mask } }), forward)))
      expect(step.x[5]).toBeCloseTo(p.signalRate(step.t) * picture[5]! + p.noiseRate(step.t) * x[5]!, 5);
  });

  it('starts from a given state at a given time, and below 1 where there is no signal', async () => {
    const x = new Float32Array(EACH).fill(0.5);
    fed = [];
    await all(sampleModel(model, spec({ x, start: 0.5, steps: 1 }), forward));
    expect(fed[0]!['x']).toEqual(x);
    expect(fed[0]!['t']![0]).toBeCloseTo(499.5, 3);
    fed = [];
    await all(sampleModel(flow, spec({ sampler: 'dpmpp-2m', steps: 2 }), forward));
    expect(fed[0]!['t']![0]).toBeCloseTo(999, 3);
    fed = [];
    await all(sampleModel(flow, spec({ sampler: 'euler', steps: 2 }), forward));
    expect(fed[0]!['t']![0]).toBe(1000);
  });

  it.each([
    [{ steps: 0 }, 'number of steps is 0'],
    [{ steps: 2.5 }, 'number of steps is 2.5'],
    [{ steps: 1e6 }, 'at most 10000'],
    [{ sampler: 'plms' }, "no sampler called 'plms'"],
    [{ start: 1.5 }, 'time t is 1.5'],
    [{ start: 0 }, 'time must fall'],
    [{ labels: [3] }, 'class is 3; it must be a whole number from 0 to 2, or none'],
    [{ labels: [] }, 'No picture is asked for'],
    [{ guidance: NaN }, 'guidance weight is NaN'],
    [{ eta: 2 }, 'eta is 2'],
    [{ x: new Float32Array(3) }, 'state x has 3 values; the model needs 192'],
    [{ spacing: 'wild' as never }, "no spacing called 'wild'"],
  ])('refuses %o', async (over, sentence) => {
    await expect(all(sampleModel(model, spec(over), forward))).rejects.toThrow(sentence);
  });

  it('refuses to go on where it cannot, and to guide what has no classes', async () => {
    const [step] = await all(sampleModel(model, spec(), forward, { until: 1 }));
    const far = { ...step!, step: 9 };
    await expect(all(sampleModel(model, spec(), forward, { resume: far }))).rejects.toThrow('after step 9');
    const plain = { ...model, config: { ...config, classes: 0, nullClass: false } } as DiffusionModel;
    await expect(all(sampleModel(plain, spec({ labels: [null], guidance: 2 }), forward))).rejects.toThrow(
      'without classes cannot be guided',
    );
  });
});

function twice(x: Float32Array): Float32Array {
  const both = new Float32Array(2 * x.length);
  both.set(x);
  both.set(x, x.length);
  return both;
}
