import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { checkInputs, Golden } from './golden.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import {
  checkable,
  checkedPatch,
  compareRuns,
  tolerance,
  trusted,
  worstOf,
  type TrustReport,
} from './trust.ts';

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = 1;

const tensor = (name: string, ...values: number[]) => ({
  name,
  shape: [values.length],
  data: Float32Array.from(values),
});

describe('two devices', () => {
  it('agree within a thousandth of what the values are like', () => {
    const [near, far] = compareRuns(
      [tensor('a', 10, 20), tensor('b', 1, 2)],
      [tensor('a', 10.01, 20), tensor('b', 1, 2.01)],
    );
    expect(near).toMatchObject({ name: 'a', count: 2, within: true });
    expect(near!.worst).toBeCloseTo(0.01, 4);
    expect(far).toMatchObject({ name: 'b', within: false });
    expect(worstOf([near!, far!])).toBe(far);
    expect(tolerance(near!)).toBeCloseTo(0.021, 4);
  });

  it('differ without bound by NaN, by another size, and by what is missing', () => {
    const runs = compareRuns(
      [tensor('nan', 1, NaN), tensor('short', 1, 2), tensor('gone', 1)],
      [tensor('nan', 1, 2), tensor('short', 1)],
    );
    expect(runs.map((r) => r.worst)).toEqual([Infinity, Infinity, Infinity]);
    expect(runs.some((r) => r.within)).toBe(false);
  });

  it('are trusted only if everything is', () => {
    const fine = compareRuns([tensor('a', 1)], [tensor('a', 1)]);
    const off = compareRuns([tensor('a', 1)], [tensor('a', 2)]);
    const report: TrustReport = { device: 'webgpu', patch: 16, reference: fine, between: undefined };
    expect(trusted(report)).toBe(true);
    expect(trusted({ ...report, between: off })).toBe(false);
    expect(trusted({ ...report, reference: off })).toBe(false);
    expect(worstOf([])).toBeUndefined();
  });
});

it('a check takes the patch size that has the page’s tensors, and the page’s own among equals', () => {
  const golden = new Golden(
    readFileSync(new URL('../../../models/vit-tiny/golden.safetensors', import.meta.url)),
  );
  expect(golden.patches).toEqual([4, 8, 16]);
  expect(checkedPatch(golden, ['blocks.0.attn.probs'], 8)).toBe(8);
  expect(checkedPatch(golden, ['blocks.0.attn.probs'], 16)).toBe(16);
  expect(checkedPatch(golden, ['blocks.0.attn.probs'], 4)).toBe(8); // patch 4 has a reference for the logits alone
  expect(checkedPatch(golden, ['logits'], 4)).toBe(4);
  const uvit = readFileSync(new URL('../../../models/uvit-tiny/golden.safetensors', import.meta.url));
  expect(checkedPatch(new Golden(uvit), ['prediction'], 8)).toBeUndefined();
});

describe('a check of a model folder', () => {
  it.each([
    ['vit-tiny', 8, 'blocks.0.attn.probs', 'logits'],
    ['uvit-tiny', undefined, 'mid_block.attn.probs', 'prediction'],
    ['dit-tiny', undefined, 'blocks.1.attn.probs', 'prediction'],
    ['mae-tiny', undefined, 'decoder_blocks.0.attn.probs', 'reconstruction'],
    ['clip-tiny', undefined, 'text.blocks.0.attn.probs', 'probs'],
  ])('of %s feeds what its references belong to, and finds them', async (folder, patch, name, answer) => {
    const read = (file: string) =>
      readFileSync(new URL(`../../../models/${folder}/${file}`, import.meta.url));
    const model = parseModelConfig(read('config.json').toString());
    const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
    const golden = new Golden(read('golden.safetensors'));
    const outputs = checkable(golden, model, patch, [name, 'x', 'nothing.like.it']);
    expect(outputs).toEqual(expect.arrayContaining([name, answer]));
    expect(outputs).not.toContain('x');

    const { inputs, ...sizes } = checkInputs(golden, model, patch);
    const { graph, encoded } = prepareModel(weights, model, { outputs, ...sizes });
    const session = await ortSessions(ort, 'wasm')(encoded);
    const feeds = encoded.inputs.map((n) => ({ name: n, shape: graph.value(n).shape, data: inputs[n]! }));
    const found = (await session.run(feeds, outputs)).map((t) => golden.compare(patch, t)!);
    await session.release();
    expect(found.filter((c) => !c.within)).toEqual([]);
    expect(found).toHaveLength(outputs.length);
    expect(Math.max(...found.map((c) => c.worst / c.scale))).toBeLessThan(1e-4);
  });
});
