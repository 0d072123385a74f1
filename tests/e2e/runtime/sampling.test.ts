import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { SampleSpec } from '#lib/diffusion/sampler/spec.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test } from '../harness.ts';
import { engineStatus, openWorkbench } from './workbench.ts';

const MODEL = 'uvit-tiny';
const golden = parseSafetensors(new Uint8Array(readFileSync(`models/${MODEL}/golden.safetensors`)));
const config = JSON.parse(readFileSync(`models/${MODEL}/config.json`, 'utf8')) as DiffusionModel;

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
/** A recorded run as the loop takes it; the loop draws its noise from the seed after the spec's. */
function specOf(run: string): Omit<SampleSpec, 'x'> {
  const { class: label, seed, stream, ...rest } = JSON.parse(golden.metadata[`s/${run}`]!) as Recorded;
  return { ...rest, labels: [label], seed: seed - 1, first: stream };
}
const runs = golden
  .names()
  .filter((key) => /^s\/.*\/x$/.test(key))
  .map((key) => key.slice(2, -2));

/** Makes the worker's GPU device go away when it is told to. */
const LOSABLE = `
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...a) {
    const device = await request.apply(this, a);
    new BroadcastChannel('lose').onmessage = () => device.destroy();
    return device;
  };`;

interface Sampled {
  readonly run: string;
  readonly x: readonly number[];
  readonly steps: readonly number[];
  readonly again: number;
}

for (const device of ['wasm', 'webgpu'] as const)
  test(
    `uvit-tiny on ${device}: ten steps of every sampler end where PyTorch’s end`,
    async (ctx) => {
      const page = await openWorkbench(ctx, { webgpu: device === 'webgpu', query: `device=${device}` });
      const asked = runs.map((run) => ({ run, spec: specOf(run) }));
      const made: Sampled[] = await page.evaluate(
        async ([name, model, noise, wanted]) => {
          const { engine, modelFolder, SAMPLING } = window.probe;
          const out: Sampled[] = [];
          for (const { run, spec } of wanted) {
            let x: number[] = [];
            const steps: number[] = [];
            await engine.program(
              SAMPLING,
              {
                models: { denoiser: { url: modelFolder(name), config: model } },
                spec: { ...spec, x: new Float32Array(noise) },
              },
              {
                onStep: (step) => {
                  steps.push(step.step);
                  x = [...step.x];
                },
              },
            );
            out.push({ run, x, steps, again: 0 });
          }
          return out;
        },
        [MODEL, config, [...golden.float32('s/noise')], asked] as const,
      );
      assert.equal((await engineStatus(page)).device, device);
      assert.equal(made.length, 7);
      for (const { run, x, steps } of made) {
        assert.deepEqual(steps, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        const right = golden.float32(`s/${run}/x`);
        const worst = x.reduce((most, v, i) => Math.max(most, Math.abs(v - right[i]!)), 0);
        assert.ok(worst <= 1e-3, `${run}: ${worst}`);
      }
    },
    { timeout: 150_000, webgpu: device === 'webgpu' },
  );

test(
  'a device that goes away in mid-sampling: the run goes on from its last step on the next, to the same end',
  async (ctx) => {
    ctx.allow(/lost|destroyed|WebGPU|GPUDevice|mapAsync/i);
    const page = await openWorkbench(ctx, { webgpu: true, inWorker: LOSABLE });
    const made: Sampled = await page.evaluate(
      async ([name, model, noise, spec]) => {
        const { engine, modelFolder, SAMPLING } = window.probe;
        let x: number[] = [];
        let again = 0;
        const steps: number[] = [];
        const channel = new BroadcastChannel('lose');
        await engine.program(
          SAMPLING,
          {
            models: { denoiser: { url: modelFolder(name), config: model } },
            spec: { ...spec, x: new Float32Array(noise) },
          },
          {
            onStep: (step) => {
              steps.push(step.step);
              x = [...step.x];
              if (step.step === 3) channel.postMessage(0);
            },
            onAgain: () => again++,
          },
        );
        return { run: 'sde', x, steps, again };
      },
      [MODEL, config, [...golden.float32('s/noise')], specOf('sde')] as const,
    );
    assert.ok(made.again > 0, 'the device was lost while sampling');
    assert.deepEqual(made.steps, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const right = golden.float32('s/sde/x');
    const worst = made.x.reduce((most, v, i) => Math.max(most, Math.abs(v - right[i]!)), 0);
    assert.ok(worst <= 1e-3, `${worst}`);
  },
  { timeout: 150_000, webgpu: true },
);
