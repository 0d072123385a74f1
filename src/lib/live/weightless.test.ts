import * as ort from 'onnxruntime-web';
import { beforeAll, expect, it, vi } from 'vitest';
import { LiveModel } from './live-model.svelte.ts';
import { weightless } from '#lib/models/weightless.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere, pageHere } from '#lib/runtime/node.testing.ts';

// The page's side and the real worker's code, in one process; whatever is fetched fails.
vi.mock('#lib/runtime/addresses.ts', () => ({
  modelFolder: (name: string) => `http://site/models/${name}/`,
  wishedDevice: () => 'wasm',
  keepDevice: () => {},
}));
vi.mock('#lib/runtime/isolate.ts', () => ({ isolate: async () => {} }));
vi.mock('#lib/runtime/assets.ts', () => ({ assetUrls: () => ({}) }));
vi.mock('#lib/weights/download.ts', () => ({
  loadFile: async (url: string) => {
    throw new Error(`asked for ${url}`);
  },
}));
vi.mock('#lib/runtime/ort.ts', async (original) => ({
  ...(await original<typeof import('#lib/runtime/ort.ts')>()),
  loadOrt: async () => ort,
}));

beforeAll(() => pageHere(ort));

it('a network without weights runs and fetches nothing; its variants are other graphs', async () => {
  const { engine } = engineHere(Engine);
  const config = { grid: 2, heads: 1, headDim: 2, kind: 'global', window: 1 };
  const live = new LiveModel(engine, weightless({ architecture: 'bare-attention', config }, 'alone'));
  // All queries are 0, so that every token weighs the same: the mean of the values.
  const rows = (n: number) => Float32Array.from({ length: 2 * n }, (_, i) => i);
  const inputs = { q: new Float32Array(8), k: rows(4), v: rows(4) };
  expect(live.graph?.value('out').shape).toEqual([1, 4, 2]);
  const { tensors } = await live.pass({ inputs, outputs: ['out'] });
  expect([...tensors[0]!.data]).toEqual([3, 4, 3, 4, 3, 4, 3, 4]);
  const wider = { q: new Float32Array(18), k: rows(9), v: rows(9) };
  const { tensors: of } = await live.pass({ inputs: wider, outputs: ['out'], variant: { grid: 3 } });
  expect([...of[0]!.data].slice(0, 2)).toEqual([8, 9]);
});
