import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { describe as described } from '#lib/graph/index.ts';
import { normals } from '#lib/diffusion/math/noise.ts';
import { ConfigError, graphOf } from '../registry.ts';
import { weightless } from '../weightless.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { KINDS, type AttentionConfig, type Kind } from './config.ts';
import { attentionKind } from './graph.ts';

const GRID = 6;
const N = GRID * GRID;
const [HEADS, D, M] = [2, 4, 3];
const config = (kind: Kind): AttentionConfig => ({ grid: GRID, heads: HEADS, headDim: D, kind, window: M });
const size = HEADS * N * D;
const [q, k, v] = [1, 2, 3].map((seed) => Float32Array.from(normals(seed, 0, size))) as [
  Float32Array,
  Float32Array,
  Float32Array,
];

/** Tensors of a kind, computed by the runtime. */
async function run(kind: Kind, outputs: readonly string[]): Promise<Record<string, Float32Array>> {
  const model = weightless({ architecture: 'bare-attention', config: config(kind) }, kind);
  const none = { get: () => undefined, names: () => [], buffers: new Map() };
  const { graph, encoded } = prepareModel(none, model, { outputs });
  const session = await ortSessions(ort, 'wasm')(encoded);
  const values = { q, k, v };
  const feeds = encoded.inputs.map((n) => ({
    name: n,
    shape: graph.value(n).shape,
    data: values[n as 'q'],
  }));
  const results = await session.run(feeds, outputs);
  await session.release();
  return Object.fromEntries(results.map(({ name, data }) => [name, data]));
}

const row = (x: Float32Array, h: number, i: number) => x.subarray((h * N + i) * D, (h * N + i + 1) * D);
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, c) => sum + value * b[c]!, 0);
const relu = (x: Float32Array) => x.map((value) => Math.max(value, 0));

/** Whether token i may look at token j, by the definitions in the papers, without a roll. */
function sees(kind: Kind, i: number, j: number): boolean {
  if (kind !== 'window' && kind !== 'shifted-window') return true;
  const shift = kind === 'shifted-window' ? Math.floor(M / 2) : 0;
  // Windows of the shifted grid begin at `shift`; what lies before the first border is a window of its own.
  const strip = (at: number) => Math.floor((at - shift + M) / M);
  const same = (a: number, b: number) => strip(a) === strip(b);
  return same(Math.floor(i / GRID), Math.floor(j / GRID)) && same(i % GRID, j % GRID);
}

/** Weights of every token for every token, `[h, N, N]`, in plain loops; tokens that are not seen weigh 0. */
function weights(kind: Kind): Float32Array {
  const all = new Float32Array(HEADS * N * N);
  for (let h = 0; h < HEADS; h++)
    for (let i = 0; i < N; i++) {
      const of = Float64Array.from({ length: N }, (_, j) => {
        if (!sees(kind, i, j)) return 0;
        return kind.startsWith('linear')
          ? dot(relu(row(q, h, i)), relu(row(k, h, j)))
          : Math.exp(dot(row(q, h, i), row(k, h, j)) / Math.sqrt(D));
      });
      const sum = of.reduce((a, b) => a + b, kind.startsWith('linear') ? 1e-6 : 0);
      of.forEach((w, j) => (all[(h * N + i) * N + j] = w / sum));
    }
  return all;
}

function mixed(kind: Kind): Float32Array {
  const w = weights(kind);
  const out = new Float32Array(size);
  for (let h = 0; h < HEADS; h++)
    for (let i = 0; i < N; i++)
      for (let j = 0; j < N; j++)
        for (let c = 0; c < D; c++) out[(h * N + i) * D + c]! += w[(h * N + i) * N + j]! * row(v, h, j)[c]!;
  return out;
}

const apart = (a: Float32Array, b: Float32Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};

describe('one attention without weights', () => {
  it.each(KINDS)('%s: every token is the weighted mean of what it may see', async (kind) => {
    const { out } = await run(kind, ['out']);
    expect(apart(out!, mixed(kind))).toBeLessThan(2e-5);
  });

  it('over all tokens and by ReLU, the weights are those of the definition', async () => {
    for (const kind of ['global', 'linear-quadratic'] as const)
      expect(apart((await run(kind, ['probs'])).probs!, weights(kind))).toBeLessThan(1e-5);
  });

  it('keys and values first gives what queries and keys first give', async () => {
    const [a, b] = [
      await run('linear', ['out', 'kv', 'normaliser']),
      await run('linear-quadratic', ['out', 'normaliser']),
    ];
    expect(apart(a.out!, b.out!)).toBeLessThan(1e-5);
    expect(apart(a.normaliser!, b.normaliser!)).toBeLessThan(1e-4);
    const kv = new Float32Array(HEADS * D * D);
    for (let h = 0; h < HEADS; h++)
      for (let j = 0; j < N; j++)
        relu(row(k, h, j)).forEach((key, a) =>
          row(v, h, j).forEach((value, b) => (kv[(h * D + a) * D + b]! += key * value)),
        );
    expect(apart(a.kv!, kv)).toBeLessThan(1e-4);
  });

  it('costs what the papers count: N² d twice, N M² d twice, N d² twice', () => {
    const macs = (kind: Kind) =>
      described(attentionKind({ ...config(kind), grid: 28, window: 7, headDim: 64, heads: 3 })).macs;
    const [tokens, n, d, h] = [784, 49, 64, 3];
    expect(macs('global')).toBe(2 * h * tokens ** 2 * d);
    expect(macs('window')).toBe(2 * h * tokens * n * d);
    expect(macs('shifted-window')).toBe(macs('window'));
    expect(macs('linear')).toBe(2 * h * tokens * d * d + h * tokens * d);
    expect(macs('linear-quadratic')).toBe(2 * h * tokens ** 2 * d);
  });

  it('has no weights, and a title in both languages for every tensor', () => {
    for (const kind of KINDS) {
      const g = graphOf({ architecture: 'bare-attention', config: config(kind) });
      expect(described(g).parameters).toBe(0);
      for (const name of g.tensorNames()) {
        expect(g.value(name).doc?.title.en, name).toMatch(/^[A-Z]/);
        expect(g.value(name).doc?.title.zh, name).toMatch(/[一-鿿]/);
      }
    }
  });

  it.each([
    [{ window: 4, kind: 'window' }, 'window'],
    [{ window: 4, kind: 'shifted-window' }, 'window'],
    [{ grid: 0 }, 'grid'],
    [{ grid: 300 }, 'grid'],
    [{ heads: 1.5 }, 'heads'],
    [{ kind: 'cosine' as Kind }, 'kind'],
  ] as const)('refuses %j', (change, field) => {
    const refused = () => attentionKind({ ...config('global'), ...change });
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(field);
  });

  it('needs no whole windows where there are none', () => {
    expect(attentionKind({ ...config('linear'), window: 4 }).value('out').shape).toEqual([HEADS, N, D]);
  });
});
