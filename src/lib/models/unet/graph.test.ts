import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { cellOperands } from '#lib/graph/index.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { float32Of } from '#lib/weights/source.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { apart, computed, lively, runAll } from '../held.testing.ts';
import { referenceUnet } from './reference.testing.ts';
import { unet, unetConfig, unetPresets, unetSizes, type UNetConfig } from './graph.ts';

const TINY: Partial<UNetConfig> = {
  image: 8,
  channels: 2,
  width: 4,
  multipliers: [1, 2],
  blocks: 1,
  attention: [4],
  groups: 2,
};

describe('every tensor is what its formula says', () => {
  const variants: Record<string, Partial<UNetConfig>> = {
    'time alone, as published': {},
    'with classes': { classes: 3, nullClass: true },
    'attention everywhere, one level': { multipliers: [2], attention: [8] },
    'a text, time as scale and shift': {
      scaleShift: true,
      heads: 2,
      contextTokens: 3,
      contextDim: 6,
      classes: 3,
      nullClass: true,
    },
  };
  it.each(Object.entries(variants))('%s', async (_, change) => {
    const c = unetConfig({ ...TINY, ...change });
    const g = unet(c, { batch: 2 });
    const weights = lively(g);
    const size = c.channels * c.image ** 2;
    const x = Float32Array.from({ length: 2 * size }, gaussian(11));
    const [t, y] = [
      [0, 999],
      [1, 3],
    ] as const;
    const { contextTokens = 0, contextDim = 0 } = c;
    const context = Float32Array.from({ length: 2 * contextTokens * contextDim }, gaussian(12));
    const row = (i: number, l: number) => {
      const first = (i * contextTokens + l) * contextDim;
      return [...context.slice(first, first + contextDim)];
    };
    const told = { ...(c.classes > 0 && { y }), ...(contextTokens > 0 && { context }) };
    const got = await runAll(g, { x, t, ...told }, weights);
    for (const i of [0, 1]) {
      const rows = Array.from({ length: contextTokens }, (_, l) => row(i, l));
      const one = { x: x.slice(i * size, (i + 1) * size), t: t[i]!, y: y[i]!, context: rows };
      const want = referenceUnet(c, (name) => float32Of(weights, name) ?? [], one);
      expect(Object.keys(want).sort()).toEqual(computed(g).sort());
      for (const [name, reference] of Object.entries(want)) {
        const { data } = got[name]!;
        const n = data.length / 2;
        expect(apart(data.slice(i * n, (i + 1) * n), reference), name).toBeLessThan(2e-5);
      }
    }
  });
});

describe('the skips', () => {
  const c = unetConfig({ ...TINY, attention: [] });
  const weights = lively(unet(c));
  const x = Float32Array.from({ length: c.channels * c.image ** 2 }, gaussian(3));
  const count = unetSizes(c).skips;
  const run = async (gates?: readonly number[]) => {
    const g = unet(c, { interventions: gates !== undefined });
    const given = { x, t: [500], ...(gates && { skip_gates: gates }) };
    return (await runAll(g, given, weights))['prediction']!.data;
  };

  it('change nothing at 1, and each something at 0', async () => {
    const plain = await run();
    expect(apart(await run(new Array<number>(count).fill(1)), plain)).toBeLessThan(1e-6);
    for (let i = 0; i < count; i++) {
      const cut = Array.from({ length: count }, (_, k) => (k === i ? 0 : 1));
      expect(apart(await run(cut), plain), `skip ${i}`).toBeGreaterThan(1e-3);
    }
  });
});

describe('the published network for CIFAR-10', () => {
  const c = unetPresets['ddpm-cifar10']!;
  const g = unet(c);
  const d = describeGraph(g);

  it('has the 35.7 million parameters of the paper (Ho et al. 2020, appendix B)', () => {
    expect(d.parameters).toBe(35_746_307);
    expect((d.parameters / 1e6).toFixed(1)).toBe('35.7');
  });

  it('multiplies as its layers say: k² · in · out a pixel, attention over 256 pixels', () => {
    const conv = (side: number, from: number, to: number, k = 3) => side * side * k * k * from * to;
    const res = (side: number, from: number, to: number) =>
      conv(side, from, to) + conv(side, to, to) + (from === to ? 0 : conv(side, from, to, 1)) + 512 * to;
    const attn = (side: number, ch: number) => 4 * conv(side, ch, ch, 1) + 2 * side ** 4 * ch;
    const time = 128 * 512 + 512 * 512;
    const down =
      conv(32, 3, 128) +
      2 * res(32, 128, 128) +
      conv(16, 128, 128) +
      res(16, 128, 256) +
      res(16, 256, 256) +
      2 * attn(16, 256) +
      conv(8, 256, 256) +
      2 * res(8, 256, 256) +
      conv(4, 256, 256) +
      2 * res(4, 256, 256);
    const mid = 2 * res(4, 256, 256) + attn(4, 256);
    const up =
      3 * res(4, 512, 256) +
      conv(8, 256, 256) +
      3 * res(8, 512, 256) +
      conv(16, 256, 256) +
      2 * res(16, 512, 256) +
      res(16, 384, 256) +
      3 * attn(16, 256) +
      conv(32, 256, 256) +
      res(32, 384, 128) +
      2 * res(32, 256, 128) +
      conv(32, 128, 3);
    expect(d.macs).toBe(time + down + mid + up);
  });

  it('goes down to 4 × 4 and back, with twelve skips by channel', () => {
    const shape = (name: string) => g.value(name).shape.slice(1).join(' ');
    expect(unetSizes(c).levels.map((l) => `${l.side} ${l.channels} ${l.attention}`)).toEqual([
      '32 128 false',
      '16 256 true',
      '8 256 false',
      '4 256 false',
    ]);
    expect(shape('conv_in')).toBe('128 32 32');
    expect(shape('mid.block_2')).toBe('256 4 4');
    expect(shape('prediction')).toBe('3 32 32');
    const cats = g.tensorNames().filter((n) => n.endsWith('.skip_cat'));
    expect(cats).toHaveLength(unetSizes(c).skips);
    expect(cats.map((n) => g.value(n).shape[1])).toEqual([
      512, 512, 512, 512, 512, 512, 512, 512, 384, 384, 256, 256,
    ]);
    expect(g.tensorNames().filter((n) => /attn\.\d$/.test(n))).toHaveLength(5);
  });

  it('each tensor has a title in both languages, a formula that parses, a PyTorch line, and says what its cells are made of', () => {
    for (const name of g.tensorNames()) {
      const v = g.value(name);
      expect(v.doc?.title.en, name).toMatch(/^[A-Z0-9]/);
      expect(v.doc?.title.zh, name).toMatch(/[一-鿿]/);
      expect(() => katex.renderToString(v.doc?.formula ?? '', { throwOnError: true })).not.toThrow();
      if (v.kind !== 'node') continue;
      expect(v.doc?.torch, name).toMatch(/=/);
    }
    for (const name of ['down.0.block.0.norm1', 'up.2.upsample', 'mid.attn_1.mixed', 'up.3.block.0']) {
      const last = g.value(name).shape.map((n) => n - 1);
      expect(cellOperands(g, name, last).length, name).toBeGreaterThan(0);
    }
  });
});

describe('configurations that cannot be built', () => {
  it.each<[Partial<UNetConfig>, string]>([
    [{ image: 20 }, 'image: a picture of 20 pixels cannot be halved 3 times.'],
    [{ width: 100 }, 'groups: 100 channels do not divide into 32 groups.'],
    [{ width: 33, groups: 1 }, 'width: must be even'],
    [{ multipliers: [] }, 'multipliers: must be whole numbers from 1 up, at least one.'],
    [{ blocks: 0 }, 'blocks: must be a whole number from 1 up, not 0.'],
    [{ normEps: NaN }, 'normEps: must be a number from 0 up'],
  ])('%j', (change, message) => {
    expect(() => unetConfig(change)).toThrow(ConfigError);
    expect(() => unetConfig(change)).toThrow(message);
  });
});
