import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { gaussian, seededWeights } from '#lib/graph/seeded.ts';
import { buildGraph, type Blueprint } from '#lib/models/registry.ts';
import { SWIN_DEFAULTS, type SwinConfig } from '#lib/models/swin/config.ts';
import { ortSessions } from './ort.ts';
import { prepareModel, prepareShared } from './prepare.ts';

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = 1;

const TINY: SwinConfig = {
  ...SWIN_DEFAULTS,
  image: 16,
  patch: 2,
  dim: 8,
  depths: [2, 2],
  heads: [1, 2],
  window: 2,
  mlpRatio: 2,
  classes: 3,
  positions: 'sincos2d',
};
const outputs = ['logits', 'layers.0.blocks.1', 'layers.1.blocks.1.attn.out'];
const sessions = ortSessions(ort, 'wasm');

describe('A session shared by pictures of several sizes', () => {
  it.each(['shifted-window', 'window', 'global', 'linear', 'multi-scale-linear'] as const)(
    'computes what a session of each size computes: %s',
    { timeout: 30_000 },
    async (attention) => {
      const model: Blueprint = { architecture: 'swin', config: { ...TINY, attention } };
      const weights = seededWeights(buildGraph(model), 3, (_, z) => 0.4 * z);
      const first = prepareModel(weights, model, { variant: { image: 24 }, outputs });
      const like = prepareModel(weights, model, { outputs }).graph;
      const open = prepareModel(weights, model, { variant: { image: 24 }, outputs, like });
      expect(open.open).toBeDefined();
      const shared = await sessions(open.encoded);
      for (const image of [24, 32, 40]) {
        const at = prepareShared(open, weights, model, { variant: { image }, outputs });
        expect(at?.open, `${image}`).toBeDefined();
        const x = Float32Array.from({ length: 3 * image * image }, gaussian(image));
        const alone = prepareModel(weights, model, { variant: { image }, outputs });
        const own = await sessions(alone.encoded);
        const feeds = (of: typeof alone) =>
          of.encoded.inputs
            .filter((name) => name === 'x')
            .map((name) => ({ name, shape: of.graph.value(name).shape, data: x }));
        const want = await own.run(feeds(alone), outputs);
        const got = await shared.run([...feeds(at!), ...at!.open!.feeds], outputs);
        await own.release();
        got.forEach((tensor, i) => {
          expect(tensor.shape).toEqual(want[i]!.shape);
          const off = tensor.data.map((v, k) => Math.abs(v - want[i]!.data[k]!));
          expect(Math.max(...off), `${image} ${tensor.name}`).toBeLessThan(1e-5);
        });
      }
      await shared.release();
      expect(first.open).toBeUndefined();
    },
  );
});
