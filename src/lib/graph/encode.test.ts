import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { encode, IR_VERSION, OPSET } from './encode.ts';
import { Graph } from './graph.ts';
import { runGraph } from './session.testing.ts';
import type { WeightEntry, WeightSource } from './types.ts';

const WEIGHT = [1, 2, 3, -4, 0.5, 6];

/** y = x · wᵀ, then z = y + y. */
function small(): Graph {
  const g = new Graph('small');
  const x = g.input('x', [2, 3], ['T', 'D']);
  const w = g.initializer('w', [2, 3], ['M', 'D']);
  const y = g.matmul(x, g.transpose(w, [1, 0]), 'y');
  g.add(y, y, 'z');
  const unused = g.input('unused', [1], ['1']);
  g.mul(unused, g.initializer('v', [1], ['1']), 'elsewhere');
  return g;
}

/** Half-precision bits of a number that half precision holds exactly. */
function half(v: number): number {
  if (v === 0) return 0;
  const e = Math.floor(Math.log2(Math.abs(v)));
  return (v < 0 ? 0x8000 : 0) | ((e + 15) << 10) | ((Math.abs(v) / 2 ** e - 1) * 1024);
}

function source(
  dtype: WeightEntry['dtype'],
  offset: number,
  change: Partial<WeightEntry> = {},
): WeightSource {
  const size = dtype === 'F32' ? 4 : 2;
  const bytes = new Uint8Array(offset + WEIGHT.length * size).fill(0xff);
  const view = new DataView(bytes.buffer);
  WEIGHT.forEach((v, i) => {
    const at = offset + i * size;
    if (dtype === 'F32') view.setFloat32(at, v, true);
    else if (dtype === 'F16') view.setUint16(at, half(v), true);
    else view.setUint16(at, new Uint32Array(Float32Array.of(v).buffer)[0]! >>> 16, true);
  });
  const entry = {
    dtype,
    shape: [2, 3],
    file: 'm.safetensors',
    offset,
    length: WEIGHT.length * size,
    ...change,
  };
  return {
    get: (name) => (name === 'w' ? entry : undefined),
    names: () => ['w'],
    buffers: new Map([['m.safetensors', bytes]]),
  };
}

const X = [1, 0, 0, 0, 1, 1];
const decode = (bytes: Uint8Array) => onnxProto.onnx.ModelProto.decode(bytes);

describe('encode', () => {
  it.each(
    (['F32', 'F16', 'BF16'] as const).flatMap((dtype) =>
      [0, 1, 2, 6].flatMap((offset) => [true, false].map((external) => ({ dtype, offset, external }))),
    ),
  )('binds $dtype at byte $offset, external $external', async ({ dtype, offset, external }) => {
    const { y } = await runGraph(small(), ['y'], { x: X }, source(dtype, offset), external);
    expect(y).toEqual({ name: 'y', shape: [2, 2], dims: ['T', 'M'], data: Float32Array.of(1, -4, 5, 6.5) });
  });

  it('says what it is', () => {
    const m = decode(encode(small(), { outputs: ['y'] }).model);
    expect([Number(m.irVersion), Number(m.opsetImport[0]?.version)]).toEqual([IR_VERSION, OPSET]);
  });

  it('points into the source’s own buffer and copies nothing', () => {
    const weights = source('F16', 6);
    const { externalData, model } = encode(small(), { outputs: ['y'], weights });
    expect(externalData).toHaveLength(1);
    expect(externalData[0]?.data).toBe(weights.buffers.get('m.safetensors'));
    const tensor = decode(model).graph?.initializer?.find((t) => t.name === 'w:F16');
    expect(tensor?.rawData).toHaveLength(0);
    expect(tensor?.externalData?.map((e) => [e.key, e.value])).toEqual([
      ['location', 'm.safetensors'],
      ['offset', '6'],
      ['length', '12'],
    ]);
  });

  it('leaves out what the outputs do not need', () => {
    const { inputs, model } = encode(small(), { outputs: ['y'], weights: source('F32', 0) });
    const graph = decode(model).graph;
    expect(inputs).toEqual(['x']);
    expect(graph?.node?.map((n) => n.opType)).toEqual(['Transpose', 'MatMul']);
    expect(graph?.initializer?.map((t) => t.name)).toEqual(['w']);
    expect(graph?.output?.map((o) => o.name)).toEqual(['y']);
  });

  it('returns an input or the same output twice without complaint', async () => {
    const r = await runGraph(small(), ['z', 'y', 'z'], { x: X }, source('F32', 0));
    expect(Array.from(r['z']!.data)).toEqual([2, -8, 10, 13]);
    expect(Array.from(r['y']!.data)).toEqual([1, -4, 5, 6.5]);
  });

  it('without weights makes a model of shapes: zeros, ones for LayerNorm weights', async () => {
    const g = new Graph('shapes');
    const x = g.input('x', [2, 2], ['T', 'D']);
    const norm = g.initializer('norm_pre.weight', [2], ['D']);
    const head = g.initializer('head.weight', [2, 2], ['K', 'D']);
    g.layerNorm(x, norm, undefined, 0, 'n');
    g.matmul(x, head, 'logits');
    const encoded = encode(g, { outputs: ['n', 'logits'] });
    expect(encoded.externalData).toEqual([]);
    const r = await runGraph(g, ['n', 'logits'], { x: [1, 3, 5, 1] });
    expect(Array.from(r['n']!.data)).toEqual([-1, 1, 1, -1]);
    expect(Array.from(r['logits']!.data)).toEqual([0, 0, 0, 0]);
  });

  it('keeps large constants beside the model', async () => {
    const g = new Graph('constants');
    const x = g.input('x', [2000], ['D']);
    g.add(
      x,
      g.constant(
        Float32Array.from({ length: 2000 }, (_, i) => i),
        [2000],
        ['D'],
      ),
      'y',
    );
    const { model, externalData } = encode(g, { outputs: ['y'] });
    expect(model.length).toBeLessThan(500);
    expect(externalData[0]?.data.byteLength).toBe(8000);
    for (const external of [true, false]) {
      const { y } = await runGraph(g, ['y'], { x: new Float32Array(2000).fill(0.5) }, undefined, external);
      expect(y?.data[1999]).toBe(1999.5);
    }
  });
});

describe('encode refuses', () => {
  it('an output that is not there, and no output', () => {
    expect(() => encode(small(), { outputs: ['q'] })).toThrow('small has no tensor q.');
    expect(() => encode(small(), { outputs: [] })).toThrow('small: no output was asked for.');
  });

  it('a weight that is missing', () => {
    expect(() => encode(small(), { outputs: ['elsewhere'], weights: source('F32', 0) })).toThrow(
      'The weights have no tensor v [1].',
    );
  });

  it('a weight of another shape', () => {
    const weights = source('F32', 0, { shape: [3, 2] });
    expect(() => encode(small(), { outputs: ['y'], weights })).toThrow(
      'w: the graph needs [2, 3], the weights have [3, 2].',
    );
  });

  it('bytes that do not fit the shape or the buffer', () => {
    expect(() => encode(small(), { outputs: ['y'], weights: source('F32', 0, { length: 20 }) })).toThrow(
      'w [2, 3] F32: needs 24 bytes, the weights have 20.',
    );
    expect(() => encode(small(), { outputs: ['y'], weights: source('F32', 0, { offset: 4 }) })).toThrow(
      'w: bytes 4 to 28 lie outside m.safetensors, 24 bytes.',
    );
    expect(() => encode(small(), { outputs: ['y'], weights: source('F32', 0, { file: 'n' }) })).toThrow(
      'there is no buffer n',
    );
  });

  it('a self-contained file above 2 GB, before anything is copied', () => {
    const g = new Graph('large');
    const x = g.input('x', [1, 30000], ['T', 'D']);
    const w = g.initializer('w', [30000, 30000], ['D', 'D']);
    g.matmul(x, w, 'y');
    const length = 4 * 30000 * 30000;
    const buffer = { byteLength: length, subarray: () => new Uint8Array() } as unknown as Uint8Array;
    const entry: WeightEntry = { dtype: 'F32', shape: [30000, 30000], file: 'f', offset: 0, length };
    const weights: WeightSource = { get: () => entry, names: () => ['w'], buffers: new Map([['f', buffer]]) };
    expect(() => encode(g, { outputs: ['y'], weights, external: false })).toThrow(
      'large: 3.35 GB of weights do not fit one ONNX file, which ends at 2 GB',
    );
    expect(encode(g, { outputs: ['y'], weights }).model.length).toBeLessThan(500);
  });
});
