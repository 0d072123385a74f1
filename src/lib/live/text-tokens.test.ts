import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, expect, it, vi } from 'vitest';
import { flipped, similarityMatrix } from '#lib/analysis/contrast.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { LiveModel } from './live-model.svelte.ts';
import { TextTokens } from './text-tokens.svelte.ts';

// The page's side and the real worker's code, in one process, on a committed tiny model.
vi.mock('#lib/runtime/addresses.ts', () => ({
  modelFolder: (name: string) => `http://site/models/${name}/`,
  wishedDevice: () => 'wasm',
  keepDevice: () => {},
}));
vi.mock('#lib/runtime/isolate.ts', () => ({ isolate: async () => {} }));
vi.mock('#lib/runtime/assets.ts', () => ({ assetUrls: () => ({}) }));
vi.mock('#lib/weights/download.ts', () => ({ loadFile: async (url: string) => modelFile(url) }));
vi.mock('#lib/runtime/ort.ts', async (original) => ({
  ...(await original<typeof import('#lib/runtime/ort.ts')>()),
  loadOrt: async () => ort,
}));

beforeAll(() => pageHere(ort));

it('each tower is asked by itself, any number of texts and pictures at once, and their product is the network’s', async () => {
  const live = new LiveModel(engineHere(Engine).engine, 'clip-tiny');
  const words = new TextTokens(live);
  expect(words.rows(['goat'])).toBeUndefined();
  await words.load();
  const rows = words.rows(['goat', '一张山羊的照片', ''])!;
  const ids = Float32Array.from(rows.flatMap((row) => row.ids));
  const pictures = Float32Array.from({ length: 2 * 3 * 32 * 32 }, (_, i) => Math.sin(0.01 * i));

  const ask = async (output: string, inputs: Record<string, Float32Array>, more: object) =>
    (await live.pass({ inputs, outputs: [output], ...more })).tensors[0]!;
  const texts = await ask('text.embedding', { 'text.ids': ids }, { variant: { texts: 3 } });
  const seen = await ask('visual.embedding', { 'visual.x': pictures }, { batch: 2 });
  expect([texts.shape, seen.shape]).toEqual([
    [3, 32],
    [2, 32],
  ]);
  const both = { 'visual.x': pictures, 'text.ids': ids };
  const logits = await ask('logits', both, { batch: 2, variant: { texts: 3 } });
  const weights = parseSafetensors(readFileSync('models/clip-tiny/model.safetensors'));
  const scale = Math.exp(weights.float32('logit_scale')[0]!);
  const product = flipped(similarityMatrix(texts.data, seen.data, 32, scale));
  logits.data.forEach((value, i) => expect(value).toBeCloseTo(product.data[i]!, 4));

  // The rows that PyTorch's references belong to are what the page makes of the same words.
  const golden = parseSafetensors(readFileSync('models/clip-tiny/golden.safetensors')).float32('g/text.ids');
  expect(rows.flatMap((row) => row.ids)).toEqual([...golden.subarray(0, 3 * 24)]);
});

it('a tokenizer that does not come says why, and is asked for again', async () => {
  const words = new TextTokens(new LiveModel(engineHere(Engine).engine, 'vit-tiny'));
  await words.load();
  expect(words.fault).toMatchObject({ code: 'config-invalid' });
  expect(words.tokenizer).toBeUndefined();
  await words.load();
  expect(words.fault).toMatchObject({ code: 'config-invalid' });
});
