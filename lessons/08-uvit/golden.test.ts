import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { segmentsOf, type RunSettings } from '#lib/diffusion/session/settings.ts';
import { networkTime } from '#lib/diffusion/math/timesteps.ts';
import { process } from '#lib/diffusion/math/process.ts';
import { ortSessions, type Session } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { sampleModel, type Forward, type SampleStep } from '#lib/diffusion/sampler/loop.ts';
import { PREDICTION } from '#lib/diffusion/sampler/spec.ts';
import { uvitSizes, type UViTConfig } from '#lib/models/uvit/graph.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig, type DiffusionModel } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { rmsBetween } from '#lib/analysis/rms.ts';
import { brokenSettings, gatedSettings, type Body } from './changed-settings.ts';
import { FAULTS } from './state.ts';

/** What lessons/08-uvit/tests/reference.py says of its runs. */
interface Facts {
  readonly sampler: string;
  readonly steps: number;
  readonly seed: number;
  readonly class: number;
  readonly other: number;
  readonly from: number;
  readonly held: number;
}

// A whole sampling run with each change of the lesson, beside the same run of the PyTorch model changed by its own means.
describe('uvit-tiny, changed while it samples, paints what PyTorch paints', () => {
  const read = (file: string) => new Uint8Array(readFileSync(`models/uvit-tiny/${file}`));
  const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/08-uvit/tests/golden.safetensors')));
  const model = parseModelConfig(new TextDecoder().decode(read('config.json'))) as DiffusionModel;
  const config = model.config as UViTConfig;
  const facts = JSON.parse(golden.metadata['tiny.intact']!) as Facts;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
  const { graph, encoded, neutral } = prepareModel(weights, model, {
    outputs: [PREDICTION],
    interventions: true,
  });
  let session: Session;
  beforeAll(async () => {
    session = await ortSessions(ort, 'wasm')(encoded);
  });
  const forward: Forward = (inputs, outputs) =>
    session.run(
      encoded.inputs.map((name) => ({
        name,
        shape: graph.value(name).shape,
        data: (inputs[name] ?? neutral[name])!,
      })),
      outputs,
    );
  const run: RunSettings = {
    sampler: facts.sampler,
    steps: facts.steps,
    seed: facts.seed,
    labels: [facts.class],
  };
  async function finished(settings: RunSettings): Promise<Float32Array> {
    let last: SampleStep | undefined;
    for (const { to, spec } of segmentsOf(settings)) {
      const resume = last && { step: last.step, x: last.x, x0: last.x0, drawn: last.drawn };
      for await (const step of sampleModel(model, spec, forward, { until: to, ...(resume && { resume }) }))
        last = step;
    }
    return last!.x;
  }
  const sizes = uvitSizes(config);
  const body: Body = {
    ...sizes,
    heads: config.heads,
    timeToken: 1,
    labelToken: 0,
    fed: (t) => networkTime(model.diffusion.time, t, process(model.diffusion.process)),
  };
  const same = async (key: string, settings: RunSettings) => {
    const x = await finished(settings);
    const right = golden.float32(`tiny.${key}`);
    const worst = x.reduce((most, v, i) => Math.max(most, Math.abs(v - right[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(1e-3);
    // The change is one that shows.
    if (key !== 'intact') expect(rmsBetween(x, golden.float32('tiny.intact'))).toBeGreaterThan(1e-2);
  };

  // As tests/reference.py has it: the first block's heads, and the middle quarter of the patches.
  const cut = Array.from({ length: config.heads }, (_, h) => `0.${h}`);
  const within = (i: number) =>
    i >= Math.floor(sizes.grid / 4) && i < sizes.grid - Math.floor(sizes.grid / 4);
  const hidden = Array.from({ length: sizes.patches }, (_, i) => i).filter(
    (i) => within(Math.floor(i / sizes.grid)) && within(i % sizes.grid),
  );

  it('as it is', () => same('intact', { ...run, interventions: {} }));
  it('long skips cut', () => same('cut', gatedSettings(run, Array(sizes.half).fill(0))));
  it('long skips at one half', () => same('half', gatedSettings(run, Array(sizes.half).fill(50))));
  it.each(FAULTS)('%s', (fault) =>
    same(
      fault,
      brokenSettings(
        run,
        { fault, left: 0, held: facts.held, from: facts.from, label: facts.other, cut, hidden },
        body,
      ),
    ),
  );
});
