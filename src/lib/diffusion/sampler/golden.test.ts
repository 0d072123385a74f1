import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it } from 'vitest';
import { ortSessions, type Session } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig, type DiffusionModel } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { sampleModel, type Forward } from './loop.ts';
import { PREDICTION } from './spec.ts';
import { PictureNoise } from '../math/picture-noise.ts';

/** A sampling run of PyTorch's that golden.safetensors keeps the end of. */
interface Recorded {
  readonly sampler: string;
  readonly steps: number;
  readonly guidance: number;
  readonly class: number;
  readonly seed: number;
  readonly stream: number;
  readonly start: number;
  readonly eta?: number;
}

describe.each(['uvit-tiny', 'dit-tiny', 'uvit-words-tiny', 'unet-words-tiny'])('%s sampled', (name) => {
  const read = (file: string) => new Uint8Array(readFileSync(`models/${name}/${file}`));
  const model = parseModelConfig(new TextDecoder().decode(read('config.json'))) as DiffusionModel;
  const golden = parseSafetensors(read('golden.safetensors'));
  const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const { graph, encoded } = prepareModel(weights, model, { batch: 2, outputs: [PREDICTION] });
  // One after the other: files beside a model are known to the runtime by name while a session is built.
  let opened: Session;
  beforeAll(async () => {
    opened = await ortSessions(ort, 'wasm')(encoded);
  });
  const forward: Forward = async (inputs, outputs) => {
    const feeds = encoded.inputs.map((input) => ({
      name: input,
      shape: graph.value(input).shape,
      data: inputs[input]!,
    }));
    return opened.run(feeds, outputs);
  };
  const runs = golden
    .names()
    .filter((key) => /^s\/.*\/x$/.test(key))
    .map((key) => key.slice(2, -2));

  it('has a run of every sampler', () => {
    expect(runs.sort()).toEqual(['ddim', 'ddim-eta1', 'ddpm', 'dpmpp-2m', 'euler', 'heun', 'sde']);
  });

  it.each(runs)('%s ends where PyTorch ends', async (run) => {
    const { sampler, steps, guidance, seed, stream, start, eta, ...rest } = JSON.parse(
      golden.metadata[`s/${run}`]!,
    ) as Recorded;
    const spec = {
      sampler,
      steps,
      guidance,
      start,
      seed,
      labels: [rest.class],
      x: golden.float32('s/noise'),
      ...(eta !== undefined && { eta }),
      ...(model.text && {
        context: { told: golden.float32('s/context'), empty: golden.float32('s/empty') },
      }),
    };
    const noise = new PictureNoise(seed, 1, { first: stream });
    let x = new Float32Array();
    for await (const step of sampleModel(model, spec, forward, { noise })) x = step.x as typeof x;
    const right = golden.float32(`s/${run}/x`);
    expect(x.length).toBe(right.length);
    const worst = x.reduce((most, v, i) => Math.max(most, Math.abs(v - right[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(1e-3);
  });
});
