import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { cellOperands } from '#lib/graph/index.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { phiOf } from './config.ts';
import { vq, vqConfig, vqPresets, vqSizes, type VqConfig } from './graph.ts';
import { areaLine, bicubicLine } from '../shared/resample.ts';

const TINY: Partial<VqConfig> = {
  image: 16,
  factor: 4,
  width: 4,
  multiples: [1, 2, 3],
  resBlocks: 1,
  latent: 4,
  groups: 2,
  attention: 'mid',
  codes: 8,
  quantKernel: 1,
};

describe('published tokenizers', () => {
  it('VAR’s makes 680 codes of 256 × 256 pixels, VQGAN’s 256', () => {
    expect(vqSizes(vqPresets['var-f16']!)).toMatchObject({ grid: 16, tokens: 680 });
    expect(vqSizes(vqPresets['vqgan-f16-1024']!)).toMatchObject({ grid: 16, tokens: 256 });
  });

  it('both have a codebook of the published size, and as many parameters as the same modules in PyTorch', () => {
    const published = [
      ['var-f16', [4096, 32], 108_948_355],
      ['vqgan-f16-1024', [1024, 256], 72_141_699],
    ] as const;
    for (const [name, shape, parameters] of published) {
      const g = vq(vqPresets[name]!);
      expect(g.value('quantize.embedding.weight').shape, name).toEqual(shape);
      expect(describeGraph(g).parameters, name).toBe(parameters);
    }
  });

  it('its ten scales share four convolutions as NumPy’s ticks say, whose rounding decides two ties', () => {
    expect(Array.from({ length: 10 }, (_, k) => phiOf(k, 10, 4))).toEqual([0, 0, 1, 1, 1, 2, 2, 3, 3, 3]);
  });
});

describe('resampling, as PyTorch does it', () => {
  it('means over windows that cover the line', () => {
    expect(areaLine(8, 3).map((row) => row.map((w) => Math.round(w * 12)))).toEqual([
      [4, 4, 4, 0, 0, 0, 0, 0],
      [0, 0, 3, 3, 3, 3, 0, 0],
      [0, 0, 0, 0, 0, 4, 4, 4],
    ]);
  });

  it('cubic weights that sum to 1 and keep a line of one value', () => {
    for (const from of [1, 2, 3, 6]) {
      for (const row of bicubicLine(from, 8)) expect(row.reduce((a, w) => a + w, 0)).toBeCloseTo(1, 12);
    }
    // A quarter of the way from value 3 to value 4, as torch.nn.functional.interpolate weighs its neighbours.
    const row = bicubicLine(8, 16)[7]!.map((w) => Number(w.toFixed(4)));
    expect(row).toEqual([0, 0, -0.1055, 0.8789, 0.2617, -0.0352, 0, 0]);
  });
});

describe('docs', () => {
  it.each([
    ['one grid', { scales: [] }],
    ['scales', { scales: [1, 2, 4] }],
    ['codes fed in', { scales: [1, 2, 4], fromCodes: 1 }],
  ])('%s: a title in both languages, a formula that parses, a PyTorch line', (_, change) => {
    const g = vq(vqConfig({ ...TINY, ...change }));
    for (const name of g.tensorNames()) {
      const v = g.value(name);
      expect(v.doc?.title.en, name).toMatch(/^[A-Z0-9]/);
      expect(v.doc?.title.zh, name).toMatch(/[一-鿿]/);
      expect(() => katex.renderToString(v.doc?.formula ?? '', { throwOnError: true })).not.toThrow();
      if (v.kind === 'node') expect(v.doc?.torch, name).toMatch(/=/);
    }
    const last = g.value('z').shape.map((n) => n - 1);
    expect(cellOperands(g, 'z', last).length).toBeGreaterThan(0);
  });
});

describe('bare weights', () => {
  it.each([[[]], [[1, 2, 3, 4]]])('scales %j are read and bound', (scales) => {
    const c = vqConfig({ ...TINY, scales, phis: scales.length > 0 ? 4 : 1 });
    const file = seededWeights(vq(c), 5);
    expect(CHECKPOINT.recognise(file)).toBeGreaterThan(0);
    const { config } = CHECKPOINT.infer(file, { image: 16, groups: 2, scales });
    expect(config).toEqual(c);
    expect(() => CHECKPOINT.bind(file, config)).not.toThrow();
  });
});

describe('configurations that cannot be built', () => {
  it.each<[Partial<VqConfig>, string]>([
    [{ codes: 1 }, 'codes: must be a whole number from 2 up, not 1.'],
    [{ scales: [1, 3, 2] }, 'scales: must be whole numbers from 1 up that grow'],
    [{ scales: [1, 2, 8] }, 'scales: must end with the side of the latents, 16, not 8.'],
    [{ quantKernel: 2 }, 'quantKernel: must be odd, not 2.'],
    [{ phiShare: 1.5 }, 'phiShare: must be from 0 to 1, not 1.5.'],
  ])('%j', (change, message) => {
    expect(() => vqConfig(change)).toThrow(ConfigError);
    expect(() => vqConfig(change)).toThrow(message);
  });
});
