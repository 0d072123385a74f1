import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { VIT_DEFAULTS } from '#lib/models/vit/graph.ts';
import { anyAwaited } from '#lib/base/awaited.svelte.ts';
import { Fault } from '#lib/base/errors.ts';
import type { CallOptions } from '#lib/runtime/client.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { LiveModel } from './live-model.svelte.ts';
import type { WireTensor } from '#lib/base/tensor.ts';
import type { FirstRequest, ModelRef, RunRequest, RunResult } from '#lib/runtime/protocol.ts';

const config = {
  schema: 'patchwork-model/1',
  name: 'toy',
  architecture: 'vit',
  config: { ...VIT_DEFAULTS, image: 32, patch: 8, dim: 8, depth: 1, heads: 2, classes: 3 },
  patchSizes: [8, 16],
  patchResize: 'pi-bilinear',
  preprocessing: {
    size: 32,
    fit: 'squash',
    interpolation: 'bilinear',
    antialias: true,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  labels: [],
  files: { 'model.safetensors': { bytes: 10, sha256: 'a'.repeat(64) } },
};

vi.mock('#lib/runtime/addresses.ts', () => ({
  modelFolder: (name: string) => `http://site/models/${name}/`,
}));
let answer: () => Response;
beforeAll(() => {
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('fetch', async () => answer());
});
beforeEach(() => {
  answer = () => new Response(JSON.stringify(config));
});

/** An engine whose runs the test answers. */
function fakeEngine() {
  const runs: {
    request: RunRequest;
    options: CallOptions;
    resolve: (r: RunResult) => void;
    reject: (f: Fault) => void;
  }[] = [];
  let lane: (typeof runs)[number] | undefined;
  const engine = {
    status: { phase: 'ready' },
    start: vi.fn(async () => {}),
    restart: vi.fn(async () => {}),
    load: vi.fn(async (_ref: ModelRef, _options: CallOptions) => {}),
    first: vi.fn(async (_request: FirstRequest, _options: CallOptions): Promise<readonly WireTensor[]> => []),
    run: (request: RunRequest, options: CallOptions) =>
      new Promise<RunResult>((resolve, reject) => {
        lane?.reject(new Fault('cancelled'));
        options.signal?.addEventListener('abort', () => reject(new Fault('cancelled')));
        runs.push((lane = { request, options, resolve, reject }));
      }),
  };
  const reply = (at: number, value: number) => {
    const { request, resolve } = runs[at]!;
    const tensors = request.outputs.map((name) => ({
      name,
      shape: [1, 3],
      data: new Float32Array(3).fill(value),
    }));
    resolve({ tensors, ms: 5, sessionMs: 1, device: 'wasm' });
  };
  return { engine: engine as unknown as Engine, fake: engine, runs, reply };
}
const turn = () => new Promise((r) => setTimeout(r, 80));
const x = () => new Float32Array(3 * 32 * 32);

describe('LiveModel', () => {
  it('knows shapes from the configuration alone, at the wished patch size', async () => {
    const { engine, fake } = fakeEngine();
    const live = new LiveModel(engine, 'toy', { ahead: false });
    expect(live.graph).toBeUndefined();
    await live.describe();
    expect(live.graph?.value('patches').shape).toEqual([1, 16, 192]);
    live.variant = { patch: 16 };
    expect(live.graph?.value('patches').shape).toEqual([1, 4, 768]);
    await turn();
    expect(fake.load).not.toHaveBeenCalled();
    expect(live.phase).toBe('idle');
  });

  it('loads at the first want, then asks once for the union of the wants', async () => {
    const { engine, fake, runs, reply } = fakeEngine();
    const live = new LiveModel(engine, 'toy', { ahead: false });
    live.inputs = { x: x() };
    live.tensors.want('probs');
    live.tensors.want('logits');
    live.tensors.want('probs');
    await turn();
    expect(fake.load).toHaveBeenCalledTimes(1);
    expect(live.phase).toBe('ready');
    expect(live.pending).toBe(true);
    expect(runs).toHaveLength(1);
    expect(runs[0]!.request).toMatchObject({
      variant: { patch: 8 },
      outputs: ['logits', 'probs'],
      interventions: false,
    });
    reply(0, 1);
    await turn();
    expect(live.pending).toBe(false);
    expect(live.tensors.get('logits')).toMatchObject({ shape: [3], dims: ['K'] });
    expect(live.ms).toBe(5);
    expect(runs).toHaveLength(1);
  });

  it('shows what the first weights tell while the others come, and computes it anew with them', async () => {
    const { engine, fake, runs, reply } = fakeEngine();
    let loaded = () => {};
    fake.load.mockImplementationOnce(() => new Promise((resolve) => (loaded = resolve)));
    const embedding = (value: number) => [
      { name: 'patch_embed', shape: [1, 16, 8], data: new Float32Array(128).fill(value) },
    ];
    fake.first.mockResolvedValueOnce(embedding(7)).mockResolvedValueOnce(embedding(8));
    const live = new LiveModel(engine, 'toy', { ahead: false });
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await turn();
    expect(fake.first).not.toHaveBeenCalled();
    live.tensors.want('patch_embed');
    await turn();
    expect(fake.first.mock.calls[0]![0]).toMatchObject({ variant: { patch: 8 } });
    expect(live.tensors.get('patch_embed')).toMatchObject({ shape: [16, 8], dims: ['N', 'D'] });
    expect(live.tensors.get('patch_embed')!.data[0]).toBe(7);
    expect(live.tensors.generation).toBe(0);
    live.inputs = { x: x().fill(1) };
    await turn();
    expect(live.tensors.get('patch_embed')!.data[0]).toBe(8);
    expect(fake.first).toHaveBeenCalledTimes(2);
    loaded();
    await turn();
    expect(runs[0]!.request.outputs).toEqual(['logits', 'patch_embed']);
    reply(0, 1);
    await turn();
    expect(live.tensors.get('patch_embed')!.data[0]).toBe(1);
    expect(live.tensors.generation).toBeGreaterThan(0);
  });

  it('takes back what the first weights told when the file turns out to be another', async () => {
    const { engine, fake } = fakeEngine();
    let refuse = (_: Fault) => {};
    fake.load.mockImplementationOnce(() => new Promise((_, reject) => (refuse = reject)));
    const data = new Float32Array(128);
    fake.first.mockResolvedValueOnce([{ name: 'patch_embed', shape: [1, 16, 8], data }]);
    const live = new LiveModel(engine, 'toy', { ahead: false });
    live.inputs = { x: x() };
    live.tensors.want('patch_embed');
    await turn();
    expect(live.tensors.get('patch_embed')).toBeDefined();
    refuse(new Fault('model-hash'));
    await turn();
    expect(live.phase).toBe('failed');
    expect(live.tensors.get('patch_embed')).toBeUndefined();
  });

  it('keeps the old tensors while pending and shows only the newest wish', async () => {
    const { engine, runs, reply } = fakeEngine();
    const live = new LiveModel(engine, 'toy', { ahead: false });
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await turn();
    reply(0, 1);
    await turn();
    live.variant = { patch: 16 };
    expect(live.pending).toBe(true);
    await turn();
    live.variant = { patch: 8 };
    await turn();
    live.variant = { patch: 16 };
    await turn();
    expect(live.tensors.get('logits')?.data[0]).toBe(1);
    reply(1, 2);
    reply(2, 3);
    await turn();
    expect(live.tensors.get('logits')?.data[0]).toBe(1);
    reply(3, 4);
    await turn();
    expect(live.tensors.get('logits')?.data[0]).toBe(4);
    expect(live.pending).toBe(false);
    expect(runs.map((r) => r.request.variant!.patch)).toEqual([8, 16, 8, 16]);
  });

  it('repaints while a slider moves: an answer newer than the shown one is shown, though a newer wish waits', async () => {
    const { engine, runs, reply } = fakeEngine();
    const live = new LiveModel(engine, 'toy', { ahead: false });
    live.inputs = { x: x() };
    live.interventions = {};
    live.tensors.want('logits');
    live.tensors.want('probs');
    await turn();
    reply(0, 0);
    await turn();
    expect(live.tensors.stale).toBe(false);
    const temperatures = Array.from({ length: 6 }, (_, i) => ({ attn_temperature: Float32Array.of(i + 1) }));
    const seen: (number | undefined)[] = [];
    for (const [i, interventions] of temperatures.entries()) {
      live.interventions = interventions;
      expect(live.tensors.stale).toBe(true);
      await turn();
      // Two moves an answer: one answer is always behind the slider.
      if (i % 2 === 0) continue;
      reply(runs.length - 1, runs.length - 1);
      await turn();
      seen.push(live.tensors.get('logits')?.data[0]);
      expect(live.tensors.get('probs')?.data[0]).toBe(seen.at(-1));
      expect(live.pending).toBe(true);
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(live.tensors.stale).toBe(true);
    expect(live.shown?.interventions).not.toBe(temperatures[5]);
    reply(runs.length - 1, 9);
    await turn();
    expect(live.tensors.stale).toBe(false);
    expect(live.pending).toBe(false);
    expect(live.shown?.inputs.attn_temperature).toBe(temperatures[5]!.attn_temperature);
    expect(runs.at(-1)!.request.inputs['attn_temperature']).toEqual(Float32Array.of(6));
    expect(runs).toHaveLength(5);
  });

  it('is late when nothing new comes for a while', async () => {
    const { engine, runs, reply } = fakeEngine();
    const live = new LiveModel(engine, 'toy');
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    await vi.waitFor(() => expect(live.late).toBe(true), 2000);
    live.inputs = { x: x() };
    reply(0, 1);
    await vi.waitFor(() => expect(live.late).toBe(false), { interval: 5 });
    expect(live.pending).toBe(true);
    await vi.waitFor(() => expect(runs).toHaveLength(2));
    reply(1, 2);
    await vi.waitFor(() => expect(live.pending).toBe(false));
    await new Promise((r) => setTimeout(r, 300));
    expect(live.late).toBe(false);
    expect(runs[1]!.request.prepareOnly).toBeUndefined();
  });

  it('sends the newest wish after an older one of the same session has failed', async () => {
    const { engine, runs, reply } = fakeEngine();
    const live = new LiveModel(engine, 'toy', { ahead: false });
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await turn();
    live.inputs = { x: x() };
    await turn();
    expect(runs).toHaveLength(1);
    runs[0]!.reject(new Fault('run-failed', { reason: 'x' }));
    await turn();
    expect(runs).toHaveLength(2);
    expect(live.fault).toBeUndefined();
    reply(1, 2);
    await turn();
    expect(live.tensors.get('logits')?.data[0]).toBe(2);
  });

  it('asks for later wants alone, without disturbing what runs', async () => {
    const { engine, runs, reply } = fakeEngine();
    const live = new LiveModel(engine, 'toy', { ahead: false });
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await turn();
    live.tensors.want('norm');
    await turn();
    expect(runs).toHaveLength(1);
    reply(0, 1);
    await turn();
    expect(runs[1]!.request.outputs).toEqual(['norm']);
    expect(live.pending).toBe(true);
    reply(1, 2);
    await turn();
    expect(live.tensors.names).toEqual(['logits', 'norm']);
  });

  it('awaits nothing for a wish that nobody wants any more before it is sent', async () => {
    const { engine, runs, reply } = fakeEngine();
    const live = new LiveModel(engine, 'toy', { ahead: false });
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await turn();
    reply(0, 1);
    await turn();
    const leave = live.tensors.want('norm');
    expect([live.pending, anyAwaited()]).toEqual([true, true]);
    leave();
    await turn();
    expect(runs).toHaveLength(1);
    expect([live.pending, anyAwaited()]).toEqual([false, false]);
  });

  it('prepares the other patch sizes when it is quiet', async () => {
    const { engine, runs, reply } = fakeEngine();
    const live = new LiveModel(engine, 'toy');
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await turn();
    reply(0, 1);
    await vi.waitFor(() => expect(runs).toHaveLength(2), 3000);
    expect(runs[1]!.request).toMatchObject({
      variant: { patch: 8 },
      outputs: ['logits'],
      prepareOnly: true,
      inputs: {},
    });
    reply(1, 0);
    await turn();
    expect(runs[2]!.request).toMatchObject({ variant: { patch: 16 }, prepareOnly: true });
    live.variant = { patch: 16 };
    await turn();
    expect(runs[2]!.options.signal?.aborted).toBe(true);
    expect(runs[3]!.request.prepareOnly).toBeUndefined();
    expect(live.pending).toBe(true);
  });

  it('passes interventions on', async () => {
    const { engine, runs } = fakeEngine();
    const live = new LiveModel(engine, 'toy');
    live.inputs = { x: x() };
    live.interventions = { pos_scale: Float32Array.of(0) };
    live.tensors.want('logits');
    await turn();
    expect(runs[0]!.request.interventions).toBe(true);
    expect(Object.keys(runs[0]!.request.inputs)).toEqual(['x', 'pos_scale']);
    expect(live.graph?.values.has('pos_scale')).toBe(true);
  });

  it('shows a failed load and waits for retry', async () => {
    const { engine, fake, runs } = fakeEngine();
    fake.load.mockRejectedValueOnce(new Fault('model-hash', { file: 'model.safetensors' }));
    const live = new LiveModel(engine, 'toy');
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await turn();
    expect(live.phase).toBe('failed');
    expect(live.fault?.code).toBe('model-hash');
    live.variant = { patch: 16 };
    await turn();
    expect(fake.load).toHaveBeenCalledTimes(1);
    expect(live.pending).toBe(false);
    await live.retry();
    await turn();
    expect(live.fault).toBeUndefined();
    expect(runs).toHaveLength(1);
  });

  it('tells a missing folder and a damaged description apart', async () => {
    answer = () => new Response('no', { status: 404 });
    const { engine } = fakeEngine();
    const missing = new LiveModel(engine, 'toy');
    await turn();
    expect(missing.fault).toMatchObject({ code: 'model-missing', details: { file: 'toy/config.json' } });
    answer = () => new Response('{');
    const damaged = new LiveModel(engine, 'toy');
    await turn();
    expect(damaged.fault?.code).toBe('config-invalid');
  });

  it('recovers from a failed run at the next wish, and restarts the runtime on retry', async () => {
    const { engine, fake, runs, reply } = fakeEngine();
    const live = new LiveModel(engine, 'toy');
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await turn();
    runs[0]!.reject(new Fault('run-failed', { reason: 'x' }));
    await turn();
    expect(live.fault?.code).toBe('run-failed');
    expect(live.pending).toBe(false);
    expect(runs).toHaveLength(1);
    live.variant = { patch: 16 };
    await turn();
    expect(live.fault).toBeUndefined();
    runs[1]!.reject(new Fault('wasm-memory'));
    await turn();
    await live.retry();
    expect(fake.restart).toHaveBeenCalledTimes(1);
    await turn();
    reply(2, 1);
    await turn();
    expect(live.tensors.get('logits')).toBeDefined();
  });

  it('can be cancelled', async () => {
    const { engine, runs } = fakeEngine();
    const live = new LiveModel(engine, 'toy');
    live.inputs = { x: x() };
    live.tensors.want('logits');
    await turn();
    live.cancel();
    await turn();
    expect(runs[0]!.options.signal?.aborted).toBe(true);
    expect(live.pending).toBe(false);
    expect(live.fault).toBeUndefined();
  });
});
