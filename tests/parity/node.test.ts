import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { familyOf } from '#lib/models/registry.ts';
import { fedNames, Golden } from '#lib/live/golden.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';

// The stored models on WASM in Node, every tensor that PyTorch left a reference for.

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = availableParallelism();

const MODELS = new URL('../../models/', import.meta.url);
const folders = readdirSync(MODELS).filter((name) =>
  existsSync(new URL(`${name}/golden.safetensors`, MODELS)),
);
const isVit = (name: string): boolean =>
  /"architecture": "vit"/.test(readFileSync(new URL(`${name}/config.json`, MODELS), 'utf8'));

/** Patch sizes at which the references hold every named tensor. */
const WHOLE: Readonly<Record<string, readonly number[]>> = { 'vit-tiny': [8, 16], 'vit-flexi': [8, 16, 32] };

describe.each(folders.filter(isVit))('%s', (folder) => {
  const read = (file: string): Uint8Array => readFileSync(new URL(`${folder}/${file}`, MODELS));
  const model = parseModelConfig(read('config.json').toString());
  const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
  const bytes = read('golden.safetensors');
  const golden = new Golden(bytes);
  const stored = parseSafetensors(bytes);

  /** The model's tensors for the reference's picture. */
  async function run(patch: number, names: readonly string[]): Promise<Tensor[]> {
    const { graph, encoded } = prepareModel(weights, model, { variant: { patch }, outputs: names });
    const session = await ortSessions(ort, 'wasm')(encoded);
    const { shape } = graph.value('x');
    const results = await session.run([{ name: 'x', shape, data: golden.input }], names);
    await session.release();
    return results.map((t) => ({ ...t, dims: graph.value(t.name).dims }));
  }

  it('has references for every patch size it was trained for', () => {
    expect(golden.patches).toEqual([...model.patchSizes].sort((a, b) => a - b));
    for (const patch of model.patchSizes) expect(golden.names(patch)).toContain('logits');
  });

  it.each(WHOLE[folder] ?? [])('has a reference for every named tensor at patch %i', (patch) => {
    const { graph } = prepareModel(weights, model, { variant: { patch }, outputs: ['logits'] });
    expect(golden.names(patch)).toEqual(expect.arrayContaining(graph.tensorNames()));
  });

  it.each(golden.patches)('gives PyTorch’s numbers at patch %i', { timeout: 180_000 }, async (patch) => {
    const names = golden.names(patch);
    const tensors = await run(patch, names);
    const compared = tensors.map((tensor) => golden.compare(patch, tensor)!);
    expect(compared).toHaveLength(names.length);
    const share = (c: (typeof compared)[number]): number => c.worst / (1e-3 * (1 + c.scale));
    const worst = compared.reduce((a, b) => (share(b) > share(a) ? b : a));
    expect(
      compared.every((c) => c.within),
      `${worst.name}: max |Δ| ${worst.worst.toExponential(2)} against values up to ${worst.scale.toPrecision(3)}`,
    ).toBe(true);

    for (const { name, data } of tensors) {
      const key = `stat/p${patch}/${name}`;
      if (!stored.get(key)) continue;
      const reference = stored.float32(key);
      const tolerance = 1e-3 * (1 + Math.max(Math.abs(reference[0]!), Math.abs(reference[1]!)));
      statistics(data).forEach((value, i) => {
        expect(
          Math.abs(value - reference[i]!),
          `${name}: ${['min', 'max', 'mean', 'mean |x|'][i]}`,
        ).toBeLessThanOrEqual(tolerance);
      });
    }
  });
});

describe.each(folders.filter((name) => !isVit(name)))('%s', (folder) => {
  const read = (file: string): Uint8Array => readFileSync(new URL(`${folder}/${file}`, MODELS));
  const model = parseModelConfig(read('config.json').toString());
  const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
  const golden = new Golden(read('golden.safetensors'));

  it.each([false, true])(
    'gives PyTorch’s numbers for every named tensor, interventions %s',
    { timeout: 180_000 },
    async (interventions) => {
      const { batch } = golden;
      const named = prepareModel(weights, model, {
        batch,
        outputs: familyOf(model.architecture).answers(model.config),
      }).graph.tensorNames();
      expect(golden.names()).toEqual(expect.arrayContaining(named));
      const outputs = named.filter((name) => !fedNames(model).includes(name));
      const { graph, encoded, neutral } = prepareModel(weights, model, { batch, outputs, interventions });
      const session = await ortSessions(ort, 'wasm')(encoded);
      const feeds = encoded.inputs.map((name) => {
        const data = golden.inputOf(name) ?? neutral[name];
        return { name, shape: graph.value(name).shape, data: data! };
      });
      const results = await session.run(feeds, outputs);
      await session.release();
      for (const tensor of results) {
        const { worst, scale } = golden.compare(undefined, tensor)!;
        // Two float32 programs that add in another order; ten trained blocks let it grow to 2e-5 of the largest value.
        expect(worst, tensor.name).toBeLessThanOrEqual(5e-5 * (1 + scale));
      }
    },
  );
});

/** Minimum, maximum, mean, and mean of absolute values. */
function statistics(values: Float32Array): [number, number, number, number] {
  let [min, max, sum, absolute] = [Infinity, -Infinity, 0, 0];
  for (const v of values) {
    min = Math.min(min, v);
    max = Math.max(max, v);
    sum += v;
    absolute += Math.abs(v);
  }
  return [min, max, sum / values.length, absolute / values.length];
}
