import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runGraph } from '#lib/graph/session.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { parseModelConfig } from '../model-config.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { FAMILY } from './family.ts';
import { vqConfig } from './graph.ts';

describe.each(['vq-tiny', 'var-tiny'])('%s against PyTorch', (model) => {
  const read = (file: string) =>
    readFileSync(new URL(`../../../../models/${model}/${file}`, import.meta.url));
  const config = vqConfig(parseModelConfig(read('config.json').toString()).config);
  const weights = CHECKPOINT.bind(parseSafetensors(read('model.safetensors'), 'model.safetensors'), config);
  const golden = parseSafetensors(read('golden.safetensors'), 'golden.safetensors');
  const want = (name: string) => golden.float32(`g/${name}`);

  /** The largest difference, relative to 1 + the largest value. */
  function apart(name: string, data: Float32Array): number {
    const wanted = want(name);
    expect(data.length, name).toBe(wanted.length);
    const worst = wanted.reduce((w, v, i) => Math.max(w, Math.abs(v - data[i]!)), 0);
    return worst / (1 + wanted.reduce((w, v) => Math.max(w, Math.abs(v)), 0));
  }

  it('every named tensor', async () => {
    const g = FAMILY.build(config);
    const all = g.tensorNames().filter((name) => g.value(name).kind === 'node');
    expect(golden.names().sort()).toEqual(['x', ...all].map((name) => `g/${name}`).sort());
    const got = await runGraph(g, all, { x: want('x') }, weights);
    for (const name of all) {
      expect(got[name]!.shape, name).toEqual(golden.get(`g/${name}`)!.shape);
      expect(apart(name, got[name]!.data), name).toBeLessThan(1e-5);
    }
  });

  it.each([
    ['fromCodes', 'codes'],
    ['fromLatents', 'z'],
  ] as const)('%s: the same picture without the encoder', async (field, input) => {
    const at = FAMILY.variants!.adapt(weights, config, { [field]: 1 });
    expect(FAMILY.inputs(at.config).map(({ name }) => name)).toEqual([input]);
    const g = FAMILY.build(at.config);
    const got = await runGraph(g, ['reconstruction'], { [input]: want(input) }, at.weights);
    expect(apart('reconstruction', got['reconstruction']!.data)).toBeLessThan(1e-5);
  });

  it('the code of a place is the nearest of the codebook', () => {
    const book = weights.get('quantize.embedding.weight')!;
    expect(book.shape).toEqual([config.codes, config.latent]);
    const grid = config.scales.length > 0 ? 'quantize.scales.0' : 'quantize';
    const [distances, codes] = [want(`${grid}.distances`), want(`${grid}.codes`)];
    codes.forEach((code, n) => {
      const row = distances.slice(n * config.codes, (n + 1) * config.codes);
      expect(row[code]).toBe(Math.min(...row));
    });
  });
});
