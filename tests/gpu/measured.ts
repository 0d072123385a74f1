import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDiffusion, parseModelConfig, type DiffusionModel } from '#lib/models/model-config.ts';
import { variantOf } from '#lib/models/registry.ts';
import { ortSessions, type Ort, type Session } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { Runner } from '#lib/runtime/runner.ts';
import { runProgram } from '#lib/runtime/programs.ts';
import type { Device } from '#lib/base/device.ts';
import { HeldModel } from '../parity/held.ts';
import { attentionMaps, picture, tiny16 } from '../bench/models.ts';
import { median, ms, times, type Row } from '../bench/table.ts';

const ROUNDS = 15;
const STEPS = 20;

/** Median milliseconds of some passes after a few that don't count. */
async function timePasses(pass: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < 3; i++) await pass();
  const took: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.now();
    await pass();
    took.push(performance.now() - began);
  }
  return median(took);
}

/** ViT-Ti/16 with and without its attention maps, on WebGPU and on one thread of WASM. */
export async function measurePasses(ort: Ort): Promise<Row[]> {
  const group = 'Forward pass of ViT-Ti/16, 224 pixels, median';
  const { graph, config, weights } = tiny16();
  const x = { name: 'x', shape: graph.value('x').shape, data: picture(config) };
  const { encode } = await import('#lib/graph/encode.ts');
  const time = async (device: Device, outputs: readonly string[]) => {
    const session = await ortSessions(ort, device)(encode(graph, { outputs, weights }), { lasting: true });
    const took = await timePasses(() => session.run([x], outputs));
    await session.release();
    return took;
  };
  const logits = await time('webgpu', ['logits']);
  const maps = await time('webgpu', ['logits', ...attentionMaps(config.depth)]);
  const wasm = await time('wasm', ['logits']);
  return [
    { group, what: 'WebGPU: logits only', value: ms(logits) },
    { group, what: 'WebGPU: all 12 attention maps, read back', value: ms(maps) },
    { group, what: 'WASM in Node, 1 thread: logits only', value: ms(wasm) },
    { group, what: 'WASM over WebGPU', value: times(wasm / logits) },
  ];
}

/** From a patch size nobody looked at to the first answer, and again. */
export async function measurePatches(ort: Ort, folder: string, name: string): Promise<Row[]> {
  const group = `Patch size of ${name} changed, WebGPU`;
  const held = new HeldModel((file) => new Uint8Array(readFileSync(join(folder, name, file))));
  const rows: Row[] = [];
  for (const patch of held.golden.patches) {
    const outputs = ['logits'];
    const began = performance.now();
    const { graph, encoded } = prepareModel(held.weights, held.model, { variant: { patch }, outputs });
    const session: Session = await ortSessions(ort, 'webgpu')(encoded);
    const built = performance.now() - began;
    const feed = [{ name: 'x', shape: graph.value('x').shape, data: held.golden.input }];
    await session.run(feed, outputs);
    const first = performance.now() - began;
    const pass = await timePasses(() => session.run(feed, outputs));
    await session.release();
    rows.push(
      { group, what: `to ${patch}: graph, weights and session`, value: ms(built) },
      { group, what: `to ${patch}: with the first answer`, value: ms(first) },
      { group, what: `to ${patch}: a later pass`, value: ms(pass) },
    );
  }
  return rows;
}

/** A step of a denoiser's run, with everything the worker does, two pictures for guidance. */
export async function measureSteps(ort: Ort, folder: string, name: string): Promise<Row[]> {
  const held = new HeldModel((file) => new Uint8Array(readFileSync(join(folder, name, file))));
  const config = held.model as DiffusionModel;
  const runner = new Runner({
    device: 'webgpu',
    createSession: ortSessions(ort, 'webgpu'),
    prepare: (source, ref, request) => prepareModel(source, ref.config, request),
    weights: async () => held.weights,
  });
  const { signal } = new AbortController();
  const context = { signal, breathe: async () => {} };
  const spec = { sampler: 'ddim', steps: STEPS, labels: [7], seed: 1, guidance: 2 };
  const loop = async () => {
    const tools = {
      run: (pass: Parameters<Runner['run']>[0]) => runner.run(pass, context as never),
      onStep: () => {},
      signal,
    };
    const models = { denoiser: { url: 'gpu', config } };
    const result = await runProgram({ program: 'sampling', models, spec }, tools);
    return result.ms / result.steps;
  };
  await loop();
  const took: number[] = [];
  for (let i = 0; i < 5; i++) took.push(await loop());
  runner.clear();
  const group = 'A step of a denoiser, batch 2 for guidance, WebGPU, median of 5 runs';
  return [{ group, what: `${name}, ${STEPS} steps of DDIM`, value: ms(median(took)) }];
}

/** What is measured of a stored model: changes of the patch size where it has them, steps where it is a denoiser. */
export async function measureModel(ort: Ort, folder: string, name: string): Promise<Row[]> {
  const config = parseModelConfig(readFileSync(join(folder, name, 'config.json'), 'utf8'));
  if (isDiffusion(config)) return measureSteps(ort, folder, name);
  return 'patch' in variantOf(config) ? measurePatches(ort, folder, name) : [];
}
