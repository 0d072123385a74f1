import katex from 'katex';
import { beforeAll, describe, expect, it } from 'vitest';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { encode } from '#lib/graph/encode.ts';
import { gaussian, seededWeights } from '#lib/graph/seeded.ts';
import { runGraph } from '#lib/graph/session.testing.ts';
import { sizeOf, type Tensor } from '#lib/base/tensor.ts';
import { float32Of } from '#lib/weights/source.ts';
import { referenceVit } from './reference.testing.ts';
import { vit, vitConfig, vitPresets, type ViTConfig } from './graph.ts';
import { neutralOf } from '../registry.ts';

const TINY: Partial<ViTConfig> = { image: 8, patch: 4, dim: 8, depth: 2, heads: 2, classes: 3, mlpRatio: 2 };

/** Names that a forward pass can be asked for, inputs left out. */
const computed = (c: ViTConfig, live = false) => {
  const g = vit(c, { interventions: live });
  return g.tensorNames().filter((name) => g.value(name).kind === 'node');
};
const weightsFor = (c: ViTConfig, seed = 3) =>
  seededWeights(vit(c), seed, (v, z) => (/norm.*weight$/.test(v.name) ? 1 + 0.3 * z : 0.4 * z));
const picture = (c: ViTConfig, batch = 1) => {
  const next = gaussian(11);
  return Float32Array.from({ length: batch * c.channels * c.image * (c.imageWidth ?? c.image) }, next);
};

describe('every tensor is what its formula says, in each variant', () => {
  const variants: Record<string, Partial<ViTConfig>> = {
    'timm’s ViT': {},
    'FlexiViT: positions on patches alone': { clsPosition: false },
    'no positions': { positions: 'none' },
    'fixed positions, with CLS': { positions: 'sincos2d' },
    'fixed positions on patches alone': { positions: 'sincos2d', clsPosition: false },
    'mean pooling': { pool: 'gap' },
    'mean pooling without a CLS token': { pool: 'gap', classToken: false, clsPosition: false },
    'no extra tokens, positions as timm': { pool: 'gap', classToken: false },
    'registers with positions': { registers: 2 },
    'registers without positions': { registers: 2, clsPosition: false, pool: 'gap' },
    'CLIP: a LayerNorm before the blocks': { preNorm: true },
    'LayerScale, tanh GELU, no qkv bias': { layerScale: true, gelu: 'tanh', qkvBias: false },
    'a picture that patches do not divide': { image: 11 },
    'a picture that is not square': { image: 8, imageWidth: 13 },
    'a tall picture, fixed positions': { image: 12, imageWidth: 8, positions: 'sincos2d' },
    'DINOv2: registers after positions': { registers: 2, registerPosition: false, layerScale: true },
    'DeiT: a distillation token, two heads': { distToken: true, distHead: true },
    'DeiT of one head, with registers': { distToken: true, registers: 1, registerPosition: false },
    'queries and keys normalised': { qkNorm: true },
    'a layer before the head': { preLogits: 5 },
    'mean pooling after the norm': { pool: 'gap', headNorm: 'before' },
    'CLS, normalised after it is taken': { headNorm: 'after' },
    'a norm on either side': { pool: 'gap', headNorm: 'both', preLogits: 4 },
    'SigLIP: attention pooling, no CLS token': {
      pool: 'map',
      classToken: false,
      clsPosition: false,
      gelu: 'tanh',
    },
    'attention pooling over CLS and patches, normalised after': {
      pool: 'map',
      headNorm: 'both',
      preLogits: 3,
    },
    'DINOv2 giant: a gated MLP': { gatedMlp: true, layerScale: true },
    'BEiT: distances in each block': {
      relPositions: 'blocks',
      positions: 'none',
      clsPosition: false,
      pool: 'gap',
    },
    'BEiT: distances shared, a picture that is not square': { relPositions: 'shared', imageWidth: 12 },
    'DINOv3: rotary positions from the centre, registers': {
      rotary: 'centred',
      positions: 'none',
      registers: 2,
      layerScale: true,
    },
    'EVA-02: rotary positions by rows, a norm in the gated MLP': {
      rotary: 'grid',
      gatedMlp: true,
      gatedNorm: true,
      imageWidth: 12,
    },
    'rotary positions of normalised queries, biases by distance too': {
      rotary: 'grid',
      qkNorm: true,
      relPositions: 'shared',
    },
    'DINOv2’s linear classifier: CLS and the mean': { pool: 'both', registers: 2 },
    'CLIP’s picture tower: a projection': { preNorm: true, classes: 0, projection: 6, gelu: 'sigmoid' },
    'a projection after the last norm': { pool: 'gap', classes: 0, projection: 3 },
    'one channel, no head': { channels: 1, classes: 0, normEps: 0.01 },
  };

  it.each(Object.entries(variants))('%s', async (_, change) => {
    const c = vitConfig({ ...TINY, ...change });
    const weights = weightsFor(c);
    const x = picture(c);
    const want = referenceVit(c, (name) => float32Of(weights, name) ?? [], x);
    const names = computed(c);
    const got = await runGraph(vit(c), names, { x }, weights);
    expect(Object.keys(want).sort()).toEqual([...names].sort());
    for (const name of names) {
      const reference = want[name]!;
      const { data } = got[name]!;
      expect(data.length, name).toBe(reference.length);
      const worst = Math.max(...reference.map((v, i) => Math.abs(v - data[i]!)));
      expect(worst, name).toBeLessThan(2e-5 * (1 + Math.max(...reference.map(Math.abs))));
    }
  });

  it('a batch of two is two pictures', async () => {
    const c = vitConfig({ ...TINY, registers: 1 });
    const weights = weightsFor(c);
    const x = picture(c, 2);
    const both = await runGraph(vit(c, { batch: 2 }), ['logits'], { x }, weights);
    const second = await runGraph(vit(c), ['logits'], { x: x.slice(x.length / 2) }, weights);
    expect(both['logits']!.shape).toEqual([2, 3]);
    second['logits']!.data.forEach((v, i) => expect(both['logits']!.data[3 + i]).toBeCloseTo(v, 5));
  });
});

describe('interventions', () => {
  const c = vitConfig({ ...TINY, depth: 3 });
  const weights = weightsFor(c);
  const x = picture(c);
  const T = 5;
  type Given = Partial<
    Record<'head_mask' | 'token_mask' | 'pos_scale' | 'attn_temperature' | 'block_skip', number[]>
  >;
  let plain: Record<string, Tensor>;

  async function run(given: Given = {}): Promise<Record<string, Tensor>> {
    const feeds: Record<string, ArrayLike<number>> = { x };
    for (const [name, { data }] of Object.entries(neutralOf({ architecture: 'vit', config: c })))
      feeds[name] = data;
    return runGraph(
      vit(c, { interventions: true }),
      computed(c, true),
      { ...(feeds as Record<string, Float32Array>), ...given },
      weights,
    );
  }
  const worst = (a: Tensor | undefined, b: Tensor | undefined) =>
    Math.max(...Array.from(a!.data, (v, i) => Math.abs(v - b!.data[i]!)));

  beforeAll(async () => {
    plain = await runGraph(vit(c), computed(c), { x }, weights);
  });

  it('with their neutral values change no tensor by more than 1e-6', async () => {
    const live = await run();
    expect(Object.keys(live).sort()).toEqual(Object.keys(plain).sort());
    for (const name of Object.keys(plain)) {
      expect(worst(plain[name], live[name]), name).toBeLessThanOrEqual(
        1e-6 * (1 + Math.max(...plain[name]!.data.map(Math.abs))),
      );
    }
  });

  it('are inputs with those shapes and names, only when asked for', () => {
    const inputs = (live: boolean) => {
      const g = vit(c, { interventions: live });
      return Object.fromEntries(
        [...g.values.values()].filter((v) => v.kind === 'input').map((v) => [v.name, v.shape]),
      );
    };
    expect(inputs(false)).toEqual({ x: [1, 3, 8, 8] });
    const neutral = Object.entries(neutralOf({ architecture: 'vit', config: c })).map(([name, { shape }]) => [
      name,
      shape,
    ]);
    expect(inputs(true)).toEqual({ x: [1, 3, 8, 8], ...Object.fromEntries(neutral) });
    expect(Object.fromEntries(neutral)).toEqual({
      head_mask: [3, 2],
      token_mask: [T],
      pos_scale: [],
      attn_temperature: [],
      block_skip: [3],
    });
  });

  it('a masked head gives nothing: its part of merged is 0, its probabilities and the other head stay', async () => {
    const live = await run({ head_mask: [1, 1, 1, 0, 1, 1] });
    expect(worst(plain['blocks.1.attn.probs'], live['blocks.1.attn.probs'])).toBeLessThan(1e-6);
    const out = live['blocks.1.attn.out']!.data;
    const before = plain['blocks.1.attn.out']!.data;
    expect(out.slice(T * 4).every((v) => v === 0)).toBe(true);
    for (let i = 0; i < T * 4; i++) expect(out[i]).toBeCloseTo(before[i]!, 6);
    const merged = live['blocks.1.attn.merged']!.data;
    for (let t = 0; t < T; t++) expect(merged.slice(t * 8 + 4, t * 8 + 8).every((v) => v === 0)).toBe(true);
    expect(worst(plain['blocks.0'], live['blocks.0'])).toBeLessThan(1e-6);
    expect(worst(plain['logits'], live['logits'])).toBeGreaterThan(1e-3);
  });

  it('a masked token has probability 0, and the others share its part in proportion', async () => {
    const live = await run({ token_mask: [1, 1, 0, 1, 1] });
    const probs = live['blocks.0.attn.probs']!.data;
    const before = plain['blocks.0.attn.probs']!.data;
    expect(worst(plain['blocks.0.attn.scores'], live['blocks.0.attn.scores'])).toBeLessThan(1e-6);
    for (let row = 0; row < 2 * T; row++) {
      const rest = 1 - before[row * T + 2]!;
      expect(probs[row * T + 2]).toBe(0);
      for (const k of [0, 1, 3, 4]) expect(probs[row * T + k]).toBeCloseTo(before[row * T + k]! / rest, 5);
    }
  });

  it('position scale 0 is a model without positions', async () => {
    const live = await run({ pos_scale: [0] });
    const none = { ...c, positions: 'none' as const };
    const without = await runGraph(vit(none), ['tokens', 'logits'], { x }, weights);
    for (const name of ['tokens', 'logits'])
      expect(worst(live[name], without[name]), name).toBeLessThan(1e-5);
  });

  it('temperature divides the scores inside the softmax', async () => {
    const live = await run({ attn_temperature: [2.5] });
    const scores = plain['blocks.0.attn.scores']!.data;
    const probs = live['blocks.0.attn.probs']!.data;
    expect(worst(plain['blocks.0.attn.scores'], live['blocks.0.attn.scores'])).toBeLessThan(1e-6);
    for (let row = 0; row < 2 * T; row++) {
      const e = Array.from(scores.slice(row * T, (row + 1) * T), (s) => Math.exp(s / 2.5));
      const sum = e.reduce((a, b) => a + b, 0);
      e.forEach((v, k) => expect(probs[row * T + k]).toBeCloseTo(v / sum, 5));
    }
  });

  it('a skipped block passes the tokens through, bit for bit', async () => {
    const live = await run({ block_skip: [1, 0, 1] });
    expect(live['blocks.1']!.data).toEqual(live['blocks.0']!.data);
    expect(live['blocks.1.attn.residual']!.data).toEqual(live['blocks.0']!.data);
    expect(worst(plain['blocks.2'], live['blocks.2'])).toBeGreaterThan(1e-3);
  });
});

describe('the file', () => {
  it('of B/16 with all attention maps and interventions stays below 100 KB', () => {
    const g = vit(vitPresets['vit-b-16']!, { interventions: true });
    const entry = (name: string) => {
      const { shape } = g.value(name);
      return {
        dtype: 'F16' as const,
        shape,
        file: 'model.safetensors',
        offset: 300_000_000,
        length: 2 * sizeOf(shape),
      };
    };
    const buffer = { byteLength: 2 ** 31 } as Uint8Array;
    const weights = { get: entry, names: () => [], buffers: new Map([['model.safetensors', buffer]]) };
    const outputs = g.tensorNames().filter((n) => n.endsWith('.probs') || n === 'logits');
    expect(outputs).toHaveLength(13);
    expect(encode(g, { outputs, weights }).model.length).toBeLessThan(100_000);
    const all = g.tensorNames().filter((n) => g.value(n).kind === 'node');
    expect(encode(g, { outputs: all, weights }).model.length).toBeLessThan(100_000);
  });
});

describe('docs', () => {
  const variants = [
    {},
    { pool: 'gap', preNorm: true, registers: 4, layerScale: true, gelu: 'tanh', clsPosition: false },
    { registers: 2, registerPosition: false, distToken: true, distHead: true, qkNorm: true, preLogits: 4 },
    { pool: 'gap', headNorm: 'both', imageWidth: 12 },
    { gatedMlp: true, relPositions: 'blocks', positions: 'none' },
    { relPositions: 'shared', pool: 'map' },
    { pool: 'both' },
    { rotary: 'centred', gatedMlp: true, gatedNorm: true, registers: 1 },
    { preNorm: true, classes: 0, projection: 6, gelu: 'sigmoid' },
  ] as const;

  it.each(variants.flatMap((v) => [false, true].map((live) => ({ v, live }))))(
    'every tensor has one: $v, live $live',
    ({ v, live }) => {
      const g = vit(vitConfig({ ...TINY, ...v }), { interventions: live });
      for (const name of g.tensorNames()) {
        const { doc, kind } = g.value(name);
        expect(doc?.title.en, name).toMatch(/^[A-Z]/);
        expect(doc?.title.zh, name).toMatch(/[\u4e00-\u9fff]/);
        if (kind === 'node' && name !== 'x') expect(doc?.torch, name).toMatch(/=/);
        if (doc?.formula)
          expect(() => katex.renderToString(doc.formula!, { throwOnError: true })).not.toThrow();
      }
    },
  );

  it('are as many as the rows of describe', () => {
    const g = vit(vitConfig(TINY));
    expect(describeGraph(g).tensors.map((t) => t.name)).toEqual(g.tensorNames());
  });
});
