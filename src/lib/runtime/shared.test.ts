import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { graphOf } from '#lib/models/registry.ts';
import { vit, vitConfig } from '#lib/models/vit/graph.ts';
import { ortSessions } from './ort.ts';
import { prepareModel, prepareShared } from './prepare.ts';
import { Runner } from './runner.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const config = vitConfig({ image: 96, patch: 16, dim: 192, depth: 2, heads: 3, classes: 7 });
const weights = seededWeights(vit(config), 3);
const model = { url: '/m/', config: { architecture: 'vit', config, files: {} } as ModelConfig };
const context = { signal: new AbortController().signal, breathe: async () => {} };
const outputs = ['blocks.1.attn.probs', 'logits', 'patches'];
const x = Float32Array.from({ length: 3 * 96 * 96 }, (_, i) => Math.sin(0.01 * i));

function setup(limits = { count: 12, bytes: 1e9 }) {
  const log: string[] = [];
  const create = ortSessions(ort, 'wasm');
  const runner = new Runner({
    device: 'wasm',
    limits,
    createSession: async (encoded, options) => {
      log.push('create');
      const session = await create(encoded, options);
      return { run: session.run, release: async () => (log.push('release'), session.release()) };
    },
    prepare: (source, ref, request, like) => prepareModel(source, ref.config, { ...request, like }),
    share: (of, source, ref, request) => prepareShared(of, source, ref.config, request),
    weights: async () => weights,
  });
  const run = (
    patch: number,
    interventions = false,
    inputs: Record<string, Float32Array> = {},
    asked = outputs,
  ) =>
    runner.run(
      { model, variant: { patch }, outputs: asked, interventions, inputs: { x, ...inputs } },
      context,
    );
  return { run, log, runner };
}

/** The same tensors from a session of this variant alone. */
async function alone(
  patch: number,
  interventions: boolean,
  inputs: Record<string, Float32Array>,
  asked = outputs,
) {
  const options = { variant: { patch }, outputs: asked, interventions };
  const prepared = prepareModel(weights, model.config, options);
  const session = await ortSessions(ort, 'wasm')(prepared.encoded);
  const feeds = prepared.encoded.inputs.map((name) => {
    const data = name === 'x' ? x : (inputs[name] ?? prepared.neutral[name]!);
    return { name, shape: prepared.graph.value(name).shape, data };
  });
  const tensors = await session.run(feeds, asked);
  await session.release();
  return tensors;
}

describe('A session shared by variants', () => {
  it.each([false, true])(
    'computes what a session of each variant computes, interventions %s',
    async (live) => {
      const { run, log } = setup();
      const at = (patch: number): Record<string, Float32Array> =>
        live
          ? { token_mask: new Float32Array((96 / patch) ** 2 + 1).map((_, i) => (i % 3 === 1 ? 0 : 1)) }
          : {};
      for (const patch of [16, 8, 32, 24, 8, 16]) {
        const { tensors } = await run(patch, live, at(patch));
        const own = await alone(patch, live, at(patch));
        expect(tensors.map((t) => [t.name, t.shape])).toEqual(own.map((t) => [t.name, t.shape]));
        for (const [i, t] of tensors.entries())
          expect(Math.max(...t.data.map((v, k) => Math.abs(v - own[i]!.data[k]!)))).toBeLessThan(1e-6);
      }
      // One for the stored variant, one for all others.
      expect(log).toEqual(['create', 'create']);
    },
  );

  it('serves a part of a tensor too, and leaves the graph that others share as it is', async () => {
    const { run, log } = setup();
    const part = ['blocks.0.attn.scores[1]'];
    for (const patch of [16, 8, 32]) {
      const { tensors } = await run(patch, false, {}, part);
      const [own] = await alone(patch, false, {}, part);
      expect(tensors[0]!.shape).toEqual(own!.shape);
      expect(Math.max(...tensors[0]!.data.map((v, k) => Math.abs(v - own!.data[k]!)))).toBeLessThan(1e-6);
    }
    expect(log).toEqual(['create', 'create']);
    expect(graphOf(model.config).values.has(part[0]!)).toBe(false);
  });

  it('stays counted as long as any variant uses it', async () => {
    const { run, runner } = setup({ count: 3, bytes: 1e9 });
    await run(16);
    const first = runner.bytes;
    await run(8);
    const shared = runner.bytes - first;
    for (const patch of [12, 24, 6]) await run(patch);
    expect(runner.bytes).toBeGreaterThan(shared);
  });

  it('is released with the last variant that uses it', async () => {
    const { run, log, runner } = setup({ count: 2, bytes: 1e9 });
    for (const patch of [16, 8, 32]) await run(patch);
    expect(log).toEqual(['create', 'create', 'release']);
    runner.clear();
    await Promise.resolve();
    expect(log).toEqual(['create', 'create', 'release', 'release']);
  });
});
