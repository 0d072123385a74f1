import { describe, expect, it } from 'vitest';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import { torchScript } from '#lib/graph/torch.ts';
import { float32Of } from '#lib/weights/source.ts';
import { apart, computed, expectTensors, lively, runAll } from '../held.testing.ts';
import { FAMILY } from './family.ts';
import { swin, swinConfig, swinPresets, stagesOf, type SwinConfig } from './graph.ts';
import { referenceSwin, TINY } from './reference.testing.ts';

const picture = (c: SwinConfig, batch = 1) =>
  Float32Array.from({ length: batch * c.channels * c.image ** 2 }, gaussian(11));

describe('every tensor is what its formula says', () => {
  const variants: Record<string, Partial<SwinConfig>> = {
    'shifted windows': {},
    'shifted windows of three tokens, positions': {
      image: 36,
      window: 3,
      depths: [2],
      heads: [2],
      positions: 'sincos2d',
    },
    'shifted windows without a bias, three blocks': {
      relativeBias: false,
      depths: [3],
      heads: [2],
      qkvBias: false,
    },
    'one window in the last stage: it is not shifted': { image: 8 },
    windows: { attention: 'window' },
    'windows, a depthwise MLP': { attention: 'window', mlp: 'depthwise', depths: [1, 1] },
    'all tokens': { attention: 'global', relativeBias: false, positions: 'sincos2d' },
    'all tokens of one stage, tanh GELU': { attention: 'global', depths: [2], heads: [4], gelu: 'tanh' },
    'linear attention': { attention: 'linear', positions: 'sincos2d' },
    'linear attention at two scales, a depthwise MLP': { attention: 'multi-scale-linear', mlp: 'depthwise' },
    'one channel, linear attention at two scales': {
      attention: 'multi-scale-linear',
      channels: 1,
      depths: [1, 1],
      qkvBias: false,
      normEps: 0.01,
    },
  };

  it.each(Object.entries(variants))('%s', { timeout: 30_000 }, async (_, change) => {
    const c = swinConfig({ ...TINY, ...change });
    const g = swin(c);
    const weights = lively(g);
    const x = picture(c);
    const got = await runAll(g, { x }, weights);
    expectTensors(
      g,
      got,
      referenceSwin(c, (name) => float32Of(weights, name) ?? [], x),
    );
  });

  it.each(['shifted-window', 'multi-scale-linear', 'global'] as const)(
    'a batch of two is two pictures: %s',
    async (attention) => {
      const c = swinConfig({ ...TINY, attention });
      const weights = lively(swin(c));
      const x = picture(c, 2);
      const both = await runAll(swin(c, { batch: 2 }), { x }, weights);
      const second = x.slice(x.length / 2);
      expectTensors(
        swin(c, { batch: 2 }),
        both,
        referenceSwin(c, (name) => float32Of(weights, name) ?? [], second),
        1,
      );
    },
  );

  it('one set of weights serves pictures of every size that windows fill', async () => {
    const c = swinConfig({ ...TINY, depths: [2], heads: [2], positions: 'sincos2d' });
    const weights = lively(swin(c));
    expect(FAMILY.variants!.offered(c, 'image').slice(0, 4)).toEqual([4, 8, 12, 16]);
    const wide = FAMILY.variants!.adapt(weights, c, { image: 24 });
    const x = picture(wide.config);
    const got = await runAll(swin(wide.config), { x }, wide.weights);
    expectTensors(
      swin(wide.config),
      got,
      referenceSwin(wide.config, (name) => float32Of(weights, name) ?? [], x),
    );
    expect(() => FAMILY.variants!.adapt(weights, c, { image: 18 })).toThrow('multiple of 4, not 18');
  });
});

describe('shifted windows', () => {
  it('two pixels on the two sides of a window’s border meet after a shifted block alone', async () => {
    const seen = async (attention: 'window' | 'shifted-window') => {
      const c = swinConfig({ ...TINY, depths: [2], heads: [2], attention });
      const weights = lively(swin(c));
      const x = picture(c);
      const other = x.slice();
      // Token (0, 1) ends the first window of the row, token (0, 2) begins the next.
      for (let ch = 0; ch < 3; ch++) other[ch * 256 + 4] = 9;
      const at = async (fed: Float32Array) =>
        (await runAll(swin(c), { x: fed }, weights))['layers.0.blocks.1']!.data.slice(9 * 8, 10 * 8);
      return apart(await at(x), await at(other));
    };
    expect(await seen('window')).toBe(0);
    expect(await seen('shifted-window')).toBeGreaterThan(1e-3);
  });

  it('two that only the roll has brought together do not', async () => {
    const c = swinConfig({ ...TINY, depths: [2], heads: [2] });
    const weights = lively(swin(c));
    const x = picture(c);
    const other = x.slice();
    // The last row of tokens: in a shifted window with the first.
    for (let ch = 0; ch < 3; ch++) for (let i = 0; i < 16; i++) other[ch * 256 + 15 * 16 + i] = 9;
    const feeds = {
      'layers.0.head_mask': [1, 1, 1, 1],
      block_skip: [0, 1],
      relative_bias: [1],
      attn_temperature: [1],
    };
    const keeps = {
      'layers.0.keep': Array<number>(16).fill(1),
      'layers.0.shifted_keep': Array<number>(16).fill(1),
    };
    const firstRow = async (fed: Float32Array, shift_mask: number[]) => {
      const g = swin(c, { interventions: true });
      const got = await runAll(g, { x: fed, ...feeds, ...keeps, shift_mask }, weights);
      return got['layers.0.blocks.1']!.data.slice(0, 8 * 8);
    };
    expect(apart(await firstRow(x, [1]), await firstRow(other, [1]))).toBe(0);
    expect(apart(await firstRow(x, [0]), await firstRow(other, [0]))).toBeGreaterThan(1e-3);
  });
});

describe('linear attention', () => {
  it('is the same whichever product is made first, and costs N · d · D less', () => {
    const c = swinConfig({ ...TINY, attention: 'linear', depths: [1], heads: [1] });
    const row = (name: string) => describeGraph(swin(c)).tensors.find((t) => t.name === name)!;
    const [N, D, d] = [64, 8, 8];
    expect(row('layers.0.blocks.0.attn.kv').macs).toBe(N * d * D);
    expect(row('layers.0.blocks.0.attn.out').macs).toBe(N * d * D);
    expect(row('layers.0.blocks.0.attn.normaliser').macs).toBe(N * D);
  });

  it('does not grow sharper where queries or keys grow: their scale falls out', async () => {
    const c = swinConfig({ ...TINY, attention: 'linear', depths: [1], heads: [1], qkvBias: false });
    const g = swin(c);
    const weights = lively(g);
    const larger = {
      ...weights,
      buffers: new Map([...weights.buffers].map(([file, bytes]) => [file, bytes.slice()])),
    };
    const entry = larger.get('layers.0.blocks.0.attn.qkv.weight')!;
    const qkv = new Float32Array(larger.buffers.get(entry.file)!.buffer, entry.offset, sizeOf(entry.shape));
    for (let i = 0; i < 8 * 8; i++) qkv[i]! *= 16;
    const x = picture(c);
    const a = await runAll(g, { x }, weights);
    const b = await runAll(g, { x }, larger);
    const out = 'layers.0.blocks.0.attn.out';
    expect(apart(b['layers.0.blocks.0.attn.q']!.data, a['layers.0.blocks.0.attn.q']!.data)).toBeGreaterThan(
      1,
    );
    expect(apart(b[out]!.data, a[out]!.data)).toBeLessThan(1e-5);
  });
});

describe('presets', () => {
  it('of ours need the same work within 10 %', () => {
    const macs = FAMILY.unpublished!.map((name) => describeGraph(swin(swinPresets[name]!)).macs);
    expect(macs).toHaveLength(5);
    expect(Math.max(...macs) / Math.min(...macs)).toBeLessThan(1.1);
  });

  it('have stages whose windows fill them', () => {
    for (const c of Object.values(swinPresets))
      for (const { grid, window, windows } of stagesOf(c)) expect(window * windows).toBe(grid);
  });
});

describe('as PyTorch', () => {
  const g = swin(swinConfig(TINY));
  const code = (name: string) => torchScript(g, name, { title: 't', files: ['w.safetensors'] });

  it('a roll is torch.roll', () => {
    const { code: script } = code('layers.0.blocks.1.attn.residual');
    expect(script).toMatch(/torch\.roll\(.*, \(-1, -1\), dims=\(1, 2\)\)/);
    expect(script).toMatch(/torch\.roll\(.*, \(1, 1\), dims=\(1, 2\)\)/);
  });

  it('rows of the bias table are read by a list, a long one from the file', () => {
    const wide = swin(swinConfig({ ...TINY, image: 32, window: 4 }));
    const long = torchScript(wide, 'layers.0.blocks.0.attn.biased', { title: 't', files: ['w.safetensors'] });
    expect(long.code).toMatch(/index_select\(0, w\["constant\.\d+"\]\.long\(\)\)/);
    expect(long.loaded.map(({ value }) => value.shape)).toEqual([[256]]);
    expect(code('layers.0.blocks.0.attn.biased').code).toContain('index_select(0, torch.tensor([4, 3, 1, 0,');
  });

  it('every tensor has lines', () => {
    for (const attention of ['global', 'window', 'shifted-window', 'linear', 'multi-scale-linear'] as const) {
      const all = swin(swinConfig({ ...TINY, attention, mlp: 'depthwise' }), { interventions: true });
      for (const name of computed(all))
        expect(torchScript(all, name, { title: 't' }).code).toContain('result');
    }
  });
});
