import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { expect, it } from 'vitest';
import { sampleModel } from '#lib/diffusion/sampler/loop.ts';
import { PREDICTION } from '#lib/diffusion/sampler/spec.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig, type DiffusionModel } from '#lib/models/model-config.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';

// Half of the latents is kept, the rest painted to a text: tests/reference_told.py does the same with PyTorch.
it('fills latents in as PyTorch does', async () => {
  const read = (file: string) => new Uint8Array(readFileSync(`models/uvit-words-tiny/${file}`));
  const lesson = parseSafetensors(
    new Uint8Array(readFileSync('lessons/15-latents/tests/golden.safetensors')),
  );
  const golden = parseSafetensors(read('golden.safetensors'));
  const model = parseModelConfig(new TextDecoder().decode(read('config.json'))) as DiffusionModel;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
  const { graph, encoded } = prepareModel(weights, model, { batch: 2, outputs: [PREDICTION] });
  const session = await ortSessions(ort, 'wasm')(encoded);
  const noise = golden.float32('s/noise');
  const picture = Float32Array.from({ length: noise.length }, (_, i) => Math.sin(i));
  const steps = sampleModel(
    model,
    {
      sampler: 'ddim',
      steps: 10,
      labels: [3],
      seed: 7,
      guidance: 2,
      x: noise,
      context: { told: golden.float32('s/context'), empty: golden.float32('s/empty') },
      known: { picture, mask: Float32Array.from({ length: 16 }, (_, i) => (i < 8 ? 1 : 0)) },
    },
    (inputs, outputs) =>
      session.run(
        encoded.inputs.map((name) => ({ name, shape: graph.value(name).shape, data: inputs[name]! })),
        outputs,
      ),
  );
  let x: Float32Array = noise;
  for await (const step of steps) x = step.x;
  await session.release();
  const wanted = lesson.float32('told.inpaint');
  expect(x).toHaveLength(wanted.length);
  x.forEach((v, i) => expect(Math.abs(v - wanted[i]!)).toBeLessThan(1e-4));
});
