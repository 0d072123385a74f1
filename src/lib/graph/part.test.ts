import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { Golden } from '#lib/live/golden.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { Graph } from './graph.ts';
import { dimsOf, partAxis, partName, partOf, shownShape, tensorOrPart, wholeOf } from './part.ts';
import type { Value } from './types.ts';

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = 1;

describe('the name of a part', () => {
  it('is the tensor’s with an index', () => {
    expect(partOf('blocks.0.attn.scores[2]')).toEqual({ whole: 'blocks.0.attn.scores', index: 2 });
    expect(partOf('blocks.0.attn.scores')).toBeUndefined();
    expect(wholeOf('x[0]')).toBe('x');
    expect(wholeOf('x')).toBe('x');
    expect(partOf(partName('logits', 7))).toEqual({ whole: 'logits', index: 7 });
  });
});

describe('a part', () => {
  const g = new Graph('toy');
  const x = g.input('x', [1, 3, 4], ['B', 'T', 'D']);
  g.add(x, x, 'twice');

  it('lies along the first dimension after the batch, which it lacks', () => {
    expect(partAxis(x)).toBe(1);
    expect(dimsOf(g, 'twice[1]')).toEqual(['B', 'D']);
    expect(dimsOf(g, 'twice')).toEqual(['B', 'T', 'D']);
    const part = tensorOrPart(g, 'twice[1]');
    expect([part.shape, part.dims]).toEqual([
      [1, 4],
      ['B', 'D'],
    ]);
    expect(tensorOrPart(g, 'twice[1]')).toBe(part);
    expect(partAxis({ dims: ['D'] })).toBeUndefined();
  });

  it('that lies outside is refused by name', () => {
    expect(() => tensorOrPart(g, 'twice[3]')).toThrow(/no part twice\[3\]/);
    expect(() => tensorOrPart(g, 'thrice[0]')).toThrow(/no tensor thrice/);
  });
});

it('is computed on WASM as the whole is', async () => {
  const read = (file: string) => readFileSync(new URL(`../../../models/vit-tiny/${file}`, import.meta.url));
  const model = parseModelConfig(read('config.json').toString());
  const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
  const outputs = ['blocks.1.attn.probs', 'blocks.1.attn.probs[1]', 'tokens[0]'];
  const { graph, encoded } = prepareModel(weights, model, { outputs });
  const session = await ortSessions(ort, 'wasm')(encoded);
  const data = new Golden(read('golden.safetensors')).input;
  const run = await session.run([{ name: 'x', shape: graph.value('x').shape, data }], outputs);
  const [whole, part] = outputs.map((name) => run.find((t) => t.name === name)!);
  const { shape } = graph.value('blocks.1.attn.probs');
  expect(part!.shape).toEqual([1, shape[2], shape[3]]);
  const size = shape[2]! * shape[3]!;
  expect(part!.data).toEqual(whole!.data.slice(size, 2 * size));
  await session.release();
});

const value = (shape: number[], dims: string[]) =>
  ({ name: 'a', kind: 'node', shape, dims }) as unknown as Value;

describe('the shape that is shown', () => {
  it('leaves out a batch of one, and the dimension a part is taken along', () => {
    const scores = value([1, 3, 5, 5], ['B', 'h', 'T', 'T']);
    expect(shownShape(scores, 'a')).toEqual({ shape: [3, 5, 5], dims: ['h', 'T', 'T'] });
    expect(shownShape(scores, 'a[2]')).toEqual({ shape: [5, 5], dims: ['T', 'T'] });
    expect(shownShape(value([4, 2], ['h', 'T']), 'a[1]')).toEqual({ shape: [2], dims: ['T'] });
  });

  it('keeps a batch of several, and a shape that is nothing but a batch', () => {
    expect(shownShape(value([2, 5], ['B', 'T']), 'a').shape).toEqual([2, 5]);
    expect(shownShape(value([1], ['B']), 'a').shape).toEqual([1]);
    expect(shownShape(undefined, 'a').shape).toEqual([]);
  });
});
