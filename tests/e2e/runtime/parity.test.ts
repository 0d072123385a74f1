import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { test, walk } from '../harness.ts';
import { engineStatus, openWorkbench } from './workbench.ts';

/**
 * Tensors of one patch size, or of a model that has none, against PyTorch, in parts so that not all lie in memory at once.
 */
async function compare(page: Page, model: string, patch?: number, only?: readonly string[]) {
  return page.evaluate(
    async ([name, p, wanted]) => {
      const { engine, LiveModel, Golden, checkInputs, modelFolder } = window.probe;
      const folder = modelFolder(name);
      const golden = new Golden(
        new Uint8Array(await (await fetch(`${folder}golden.safetensors`)).arrayBuffer()),
      );
      const live = new LiveModel(engine, name);
      const config = await live.describe();
      const { inputs, variant } = checkInputs(golden, config, p);
      live.variant = variant;
      live.inputs = inputs;
      const named = live.graph!.tensorNames();
      // What is fed is the same by being given.
      const fed = p === undefined ? Object.keys(inputs) : [];
      const names = (wanted ?? golden.names(p)).filter((n) => !fed.includes(n));
      const rows = [];
      for (let at = 0; at < names.length; at += 60) {
        const part = names.slice(at, at + 60);
        const stop = part.map((n) => live.tensors.want(n));
        while (part.some((n) => !live.tensors.get(n))) {
          if (live.fault) throw new Error(live.fault.message);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        for (const n of part) {
          const tensor = live.tensors.get(n)!;
          rows.push({ ...golden.compare(p, tensor)!, shape: tensor.shape });
        }
        stop.forEach((f) => f());
      }
      return { rows, named: named.filter((n) => !fed.includes(n)), names, config };
    },
    [model, patch, only] as const,
  );
}

function assertWithin(result: Awaited<ReturnType<typeof compare>>): void {
  const off = result.rows.filter((r) => !r.within).map((r) => `${r.name}: ${r.worst} of ${r.scale}`);
  assert.deepEqual(off, []);
  assert.equal(result.rows.length, result.names.length);
}

/** Every named tensor of a model, and that the golden file has each of them. */
async function compareAll(page: Page, model: string, patch?: number): Promise<void> {
  const result = await compare(page, model, patch);
  assert.deepEqual([...result.named].sort(), [...result.names].sort());
  assertWithin(result);
}

// What runs on WASM alone is held to PyTorch in Node (tests/parity).
const MODELS = [
  ['swin-tiny', ['wasm', 'webgpu']],
  ['swin-linear-tiny', ['wasm', 'webgpu']],
  // Its other three forms are held in Node: this one has attention over space and over time.
  ['vivit-self-tiny', ['wasm', 'webgpu']],
  ['clip-tiny', ['webgpu']],
  // The one of patches is held in Node alone: this one has convolutions and group norms besides.
  ['detr-cnn-tiny', ['webgpu']],
] as const;

// One page a device: the shaders that one model has had compiled serve the next.
for (const device of ['wasm', 'webgpu'] as const) {
  const models = MODELS.filter(([, devices]) => devices.some((d) => d === device)).map(([model]) => model);
  const named = (model: string) => `${model}: every named tensor equals PyTorch’s`;
  const tiny = `${named('vit-tiny')} at each patch size`;
  walk(
    `on ${device}`,
    [tiny, ...models.map(named)],
    async (ctx) => {
      const page = await openWorkbench(ctx, { webgpu: device === 'webgpu', query: `device=${device}` });
      const on = async () => assert.equal((await engineStatus(page)).device, device);
      await ctx.part(tiny, async () => {
        for (const patch of [8, 16]) await compareAll(page, 'vit-tiny', patch);
        for (const patch of [4, 8, 16]) assertWithin(await compare(page, 'vit-tiny', patch, ['logits']));
        await on();
      });
      for (const model of models)
        await ctx.part(named(model), async () => {
          await compareAll(page, model);
          await on();
        });
    },
    { timeout: 300_000, webgpu: device === 'webgpu' },
  );
}

const skip = existsSync('models/vit-flexi/golden.safetensors') ? false : 'models/vit-flexi is not there';

test(
  'vit-flexi on WASM: every named tensor equals PyTorch’s at p = 8, 16, 32, and the logits at each size',
  async (ctx) => {
    const page = await openWorkbench(ctx, { query: 'device=wasm' });
    for (const patch of [8, 16, 32]) await compareAll(page, 'vit-flexi', patch);
    for (const patch of [8, 14, 16, 28, 32])
      assertWithin(await compare(page, 'vit-flexi', patch, ['logits']));
  },
  { skip, timeout: 240_000, ownContext: true },
);

test(
  'vit-flexi on WebGPU: the logits equal PyTorch’s',
  async (ctx) => {
    const page = await openWorkbench(ctx, { webgpu: true, query: 'device=webgpu' });
    for (const patch of [32, 16]) assertWithin(await compare(page, 'vit-flexi', patch, ['logits']));
    assert.equal((await engineStatus(page)).device, 'webgpu');
  },
  { skip, timeout: 240_000, webgpu: true },
);
