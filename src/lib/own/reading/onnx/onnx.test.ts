import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as ort from 'onnxruntime-web';
import { runOnnx } from '#lib/runtime/onnx.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { float32Of, WeightsError } from '#lib/weights/source.ts';
import { attentionsIn } from './attention.ts';
import { readOnnx, withOutputs, type OnnxNode } from './graph.ts';
import { hindrances as factsOfGraph } from './runnable.ts';
import { factsOf, openOnnx } from './shelf.ts';

const read = (name: string) => new Uint8Array(readFileSync(`tests/fixtures/onnx/${name}`));
const bytes = read('attention.onnx');
const answers = parseSafetensors(read('attention.safetensors'), 'attention.safetensors');
const answerOf = (name: string) => float32Of(answers, name) ?? new Float32Array();
const farthest = (a: Float32Array, b: Float32Array) =>
  a.length === b.length ? a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0) : Infinity;

beforeAll(() => {
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = 1;
});

it('reads a graph as PyTorch exports it: nodes, values, inputs, versions', () => {
  const graph = readOnnx(bytes, 'attention.onnx');
  expect(graph.producer).toMatch(/^pytorch/);
  expect(graph.opsets).toEqual({ 'ai.onnx': 17 });
  expect(graph.inputs).toEqual(['pixel_values']);
  expect(graph.outputs).toEqual(['logits']);
  expect(graph.values.find(({ name }) => name === 'pixel_values')).toMatchObject({
    kind: 'input',
    type: 'float',
    shape: ['batch', 3, 32, 32],
  });
  expect(graph.parameters).toBeGreaterThan(5000);
});

it('finds its attentions by their pattern, feeds the picture, and says what it assumed', () => {
  const { attentions, feeds, hindrances } = factsOf(bytes, 'attention.onnx', []);
  expect(attentions.map(({ probs }) => probs)).toEqual([
    expect.stringContaining('blocks.0'),
    expect.stringContaining('blocks.1'),
  ]);
  expect(feeds).toMatchObject([{ what: 'picture', shape: [1, 3, 32, 32], assumed: ['batch = 1'] }]);
  expect(hindrances).toEqual([]);
});

it('any value can be asked for, and is what PyTorch has computed', async () => {
  const opened = await openOnnx([
    { name: 'attention.onnx', size: bytes.length, slice: (a, b) => new Blob([bytes.slice(a, b)]) },
  ]);
  const { attentions } = opened.facts;
  const names = [...attentions.flatMap(({ probs }) => probs ?? []), 'logits'];
  const picture = answerOf('pixel_values');
  const got = await runOnnx(ort, opened, { outputs: names, picture });
  expect(got.map(({ shape }) => shape)).toEqual([
    [1, 2, 17, 17],
    [1, 2, 17, 17],
    [1, 5],
  ]);
  for (const [i, wanted] of ['attention.0', 'attention.1', 'logits'].entries())
    expect(farthest(got[i]?.data ?? new Float32Array(), answerOf(wanted))).toBeLessThan(1e-5);
  // Shapes alone, of every value a node gives.
  const all = opened.facts.graph.values.filter(({ kind }) => kind === 'node').map(({ name }) => name);
  const shapes = await runOnnx(ort, opened, { outputs: all, picture, shapesOnly: true });
  expect(shapes.length).toBe(all.length);
  expect(shapes.every(({ data }) => data.length === 0)).toBe(true);
});

describe('fused attentions', () => {
  const hidden = parseSafetensors(read('fused.safetensors'), 'fused.safetensors');
  // ONNX Runtime's two, then ONNX's own with its heads side by side and apart; each with a mask that hides the last token.
  it.each(['fused-runtime.onnx', 'fused-onnx.onnx'])(
    'of %s are unfused: maps and logits are PyTorch’s',
    async (file) => {
      const fused = read(file);
      const opened = await openOnnx([
        { name: file, size: fused.length, slice: (a, b) => new Blob([fused.slice(a, b)]) },
      ]);
      const { attentions, graph } = opened.facts;
      expect(attentions.map(({ fused: op }) => op)).toEqual(
        file === 'fused-onnx.onnx'
          ? ['Attention', 'Attention']
          : ['com.microsoft.Attention', 'com.microsoft.MultiHeadAttention'],
      );
      const names = [...attentions.flatMap(({ probs }) => probs ?? []), 'logits'];
      const got = await runOnnx(ort, opened, { outputs: names, picture: answerOf('pixel_values') });
      expect(got.map(({ shape }) => shape)).toEqual([
        [1, 2, 17, 17],
        [1, 2, 17, 17],
        [1, 5],
      ]);
      for (const [i, wanted] of ['attention.0', 'attention.1', 'logits'].entries()) {
        const off = farthest(got[i]?.data ?? new Float32Array(), float32Of(hidden, wanted)!);
        expect(off, wanted).toBeLessThan(1e-4);
      }
      // Not what it answers without a mask, so the mask counts.
      expect(farthest(got[0]!.data, answerOf('attention.0'))).toBeGreaterThan(1e-3);
      // What they are made of can be asked for as well, and only that is added to the list.
      expect(graph.nodes.length).toBe(readOnnx(fused, file).nodes.length + 8);
      const scores = names[0]!.replace(/probs$/, 'scores');
      const [one] = await runOnnx(ort, opened, { outputs: [scores], picture: answerOf('pixel_values') });
      expect(one?.shape).toEqual([1, 2, 17, 17]);
    },
  );

  it('that cannot be unfused say why', () => {
    const whyOf = (change: (node: OnnxNode) => Partial<OnnxNode>) => {
      const graph = readOnnx(read('fused-runtime.onnx'), 'm.onnx');
      const nodes = graph.nodes.map((node) =>
        node.op === 'com.microsoft.Attention' ? { ...node, ...change(node) } : node,
      );
      const [first] = attentionsIn({ ...graph, nodes }).attentions;
      expect(first?.probs).toBeUndefined();
      return first?.why?.en;
    };
    expect(whyOf(({ whole }) => ({ whole: { ...whole, unidirectional: 1 } }))).toMatch(/causal mask/);
    expect(whyOf(({ whole }) => ({ whole: { ...whole, do_rotary: 1 } }))).toMatch(/turns queries and keys/);
    expect(whyOf(({ slots }) => ({ slots: [...slots, slots[0]!] }))).toMatch(/keeps keys/);
    expect(whyOf(({ slots }) => ({ slots: [...slots.slice(0, 3), slots[2]!] }))).toMatch(
      /mask is of another form/,
    );
    expect(whyOf(() => ({ whole: {} }))).toMatch(/how many heads/);
    expect(whyOf(() => ({ op: 'com.microsoft.GroupQueryAttention' }))).toMatch(/form is not known/);
  });
});

it('names what the runtime cannot do before it is tried', () => {
  const graph = readOnnx(bytes, 'm.onnx');
  const said = (changed: Partial<typeof graph>, beside: string[] = []) =>
    factsOfGraph({ ...graph, ...changed }, beside).map(({ en }) => en);
  expect(said({ bytes: 3e9 })[0]).toMatch(/more than 2 GB/);
  expect(said({ external: ['w/model.onnx_data'] })[0]).toMatch(/weights lie in w\/model\.onnx_data/);
  expect(said({ external: ['w/model.onnx_data'] }, ['model.onnx_data'])).toEqual([]);
  expect(said({ opsets: { 'ai.onnx': 99 } })[0]).toMatch(/version 99/);
  const nodes = [
    ...graph.nodes,
    { name: 'n', op: 'my.ops.Swirl', inputs: [], slots: [], outputs: [], whole: {}, lists: {}, parts: {} },
  ];
  expect(said({ opsets: { 'ai.onnx': 17, 'my.ops': 1 }, nodes })[0]).toMatch(/my\.ops\.Swirl/);
});

it('300 changes of an ONNX file: it is read or refused with a reason, none takes long', () => {
  let state = 11;
  const below = (n: number) =>
    Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32) * n);
  let refused = 0;
  let slowest = 0;
  const wrong: string[] = [];
  for (let seed = 0; seed < 300; seed++) {
    const out = bytes.slice();
    const at = below(out.length);
    const length = 1 + below(64);
    let file: Uint8Array = out;
    if (seed % 4 === 0) file = out.subarray(0, at);
    else if (seed % 4 === 1) out.fill([0, 0x7f, 0x80, 0xff][below(4)]!, at, at + length);
    else if (seed % 4 === 2)
      file = new Uint8Array(Buffer.concat([out.subarray(0, at), out.subarray(at + length)]));
    else for (let i = 0; i < 1 + below(8); i++) out[below(out.length)] = below(256);
    const begin = process.cpuUsage();
    try {
      withOutputs(file, factsOf(file, 'attention.onnx', []).graph.outputs);
    } catch (error) {
      refused++;
      const named = error instanceof WeightsError && String(error.details['rule']).length > 10;
      if (!named) wrong.push(`change ${seed}: ${String(error)}`);
    }
    const { user, system } = process.cpuUsage(begin);
    slowest = Math.max(slowest, (user + system) / 1000);
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(60);
  // Milliseconds of the processor: what else runs here does not count.
  expect(slowest).toBeLessThan(2000);
}, 120_000);
