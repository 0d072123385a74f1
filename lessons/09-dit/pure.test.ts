import { describe, expect, it } from 'vitest';
import { dit, ditSizes } from '#lib/models/dit/graph.ts';
import { uvit } from '#lib/models/uvit/graph.ts';
import { describe as describeGraph } from '#lib/graph/index.ts';
import { countDeep } from './count-deep.ts';
import { ditPresets } from '#lib/models/dit/presets.ts';
import { uvitPresets } from '#lib/models/uvit/presets.ts';
import { build, estimate, headsOf, type Choices } from './builder.ts';
import { bibliography } from '#lib/notebook/bibliography/index.ts';
import { MILESTONES, monthOf, relatives } from './denoiser-family.ts';
import { BLOCKS, DIT_CONFIG, DIT_SIZES, EACH, GRID, LABELS, PREFIX, UVIT_CONFIG } from './model.ts';
import { rms, rmsBetween } from '#lib/analysis/rms.ts';
import { numbers } from './numbers.ts';
import { evenTimes, lookOf, partOf, shareBelow, shareOf } from './modulation.ts';
import { MEANS, PARTS, WAYS } from './state.ts';
import { stationsOf } from './block-stations.ts';
import { PATCHES, scaled, SIZES } from './scaling.ts';
import { variantsOf, WAY_FID, XL } from './condition-variants.ts';

describe('the two networks', () => {
  it('see pictures of one size and know the same classes', () => {
    expect([UVIT_CONFIG.image, UVIT_CONFIG.channels, UVIT_CONFIG.classes]).toEqual([
      DIT_CONFIG.image,
      DIT_CONFIG.channels,
      DIT_CONFIG.classes,
    ]);
    expect(LABELS).toHaveLength(DIT_CONFIG.classes);
    expect(EACH).toBe(DIT_CONFIG.channels * DIT_CONFIG.image ** 2);
    expect(DIT_CONFIG.condition).toBe('adaln-zero');
    expect(DIT_SIZES.modulations).toBe(PARTS.length);
  });
  it('have a block for each of their depth, U-ViT one more in the middle', () => {
    expect(BLOCKS.dit).toHaveLength(DIT_CONFIG.depth);
    expect(BLOCKS.uvit).toHaveLength(UVIT_CONFIG.depth + 1);
    expect(PREFIX.uvit + GRID.uvit ** 2).toBe(
      UVIT_CONFIG.classes > 0 ? GRID.uvit ** 2 + 2 : GRID.uvit ** 2 + 1,
    );
  });
});

describe('modulation', () => {
  const all = Float32Array.from({ length: 2 * 6 * 3 }, (_, i) => i);
  it('is folded by meaning', () => {
    expect([...partOf(all, 2, 'shift_msa')]).toEqual([0, 1, 2, 18, 19, 20]);
    expect([...partOf(all, 2, 'gate_mlp')]).toEqual([15, 16, 17, 33, 34, 35]);
  });
  it('is measured', () => {
    expect(rms([3, 4])).toBeCloseTo(Math.sqrt(12.5));
    expect(rmsBetween([1, 2, 9], [1, 4, 9], 0, 2)).toBeCloseTo(Math.SQRT2);
    expect(shareBelow([0.01, -0.2, 0.04, 1], 0.05)).toBe(0.5);
    expect(evenTimes(3, 0)).toEqual([1, 0.5, 0]);
  });
  it('attention is averaged over heads, tokens before the patches apart', () => {
    // Two heads, three tokens, the first of them no patch.
    const data = [1, 0, 0, 0.5, 0.25, 0.25, 0, 0, 1, 1, 0, 0, 0.1, 0.3, 0.6, 0.2, 0.8, 0];
    const probs = { shape: [2, 3, 3], data };
    expect([...lookOf(probs, 0, 1)].map((v) => Number(v.toFixed(4)))).toEqual([0.275, 0.425]);
    expect(shareOf(probs, 0, 1)).toBeCloseTo((0.5 + 0 + 0.1 + 0.2) / 4);
  });
});

describe('four ways of telling a DiT-XL/2 time and class', () => {
  const all = variantsOf(XL);
  const of = (condition: string) => all.find((v) => v.condition === condition)!;
  const { dim: D, depth: L } = XL;
  const N = ditSizes(XL).patches;
  it('cost what their formulas say', () => {
    // 6 D² a block and 2 D² at the end; the norms lose their 4 D and 2 D numbers.
    expect(of('adaln-zero').extraParameters).toBe(
      L * (6 * D * D + 6 * D - 4 * D) + 2 * D * D + 2 * D - 2 * D,
    );
    expect(of('adaln-zero').extraMacs).toBe(L * 6 * D * D + 2 * D * D);
    expect(of('adaln').extraMacs).toBe(L * 4 * D * D + 2 * D * D);
    expect(of('in-context').extraParameters).toBe(0);
    // Two tokens more: 12 D² each, and the pairs they are in.
    const pairs = (T: number) => 2 * T * T * D;
    expect(of('in-context').extraMacs).toBe(L * (2 * 12 * D * D + pairs(N + 2) - pairs(N)));
    // q, kv, proj and a norm; queries and output of every patch, two keys and values.
    expect(of('cross-attention').extraParameters).toBe(L * (4 * D * D + 4 * D + 2 * D));
    expect(of('cross-attention').extraMacs).toBe(L * (2 * N * D * D + 2 * 2 * D * D + 2 * 2 * N * D));
  });
  it('cross-attention costs about 15 % more work, adaLN-Zero a third of the weights and almost no work', () => {
    const bare = of('adaln-zero').macs - of('adaln-zero').extraMacs;
    expect(of('cross-attention').extraMacs / bare).toBeGreaterThan(0.13);
    expect(of('cross-attention').extraMacs / bare).toBeLessThan(0.17);
    expect(of('adaln-zero').extraParameters / of('adaln-zero').parameters).toBeCloseTo(1 / 3, 2);
    expect(of('adaln-zero').extraMacs / bare).toBeLessThan(0.003);
  });
  it.each(WAYS)('%s: the drawn steps hold all weights and all work of the block', (way) => {
    const one = variantsOf(DIT_CONFIG).find((v) => v.condition === way)!;
    const { stations, source } = stationsOf(one);
    const block = describeGraph(one.graph).tensors.filter((t) => /^blocks\.0(\.|$)/.test(t.name));
    const all = [...stations, ...(source ? [source] : [])];
    const sum = (list: readonly { parameters: number; macs: number }[], key: 'parameters' | 'macs') =>
      list.reduce((n, s) => n + s[key], 0);
    expect(sum(all, 'parameters')).toBe(sum(block, 'parameters'));
    expect(sum(all, 'macs')).toBe(sum(block, 'macs'));
    const told = { 'in-context': 0, 'cross-attention': 1, adaln: 2, 'adaln-zero': 4 }[way];
    expect(stations.filter((s) => s.kind === 'told')).toHaveLength(told);
    expect(stations.filter((s) => s.kind === 'sum')).toHaveLength(way === 'cross-attention' ? 3 : 2);
    expect(stations.at(-1)!.tensor).toBe('blocks.0');
    const dim = DIT_CONFIG.dim;
    const shapes = {
      'in-context': undefined,
      'cross-attention': [2, dim],
      adaln: [4 * dim],
      'adaln-zero': [6 * dim],
    };
    expect(source?.shape).toEqual(shapes[way]);
  });
});

it('counts at any depth are those of the whole graph', () => {
  for (const depth of [1, 2, 5]) {
    const config = { ...DIT_CONFIG, depth };
    const { parameters, macs, bytes } = describeGraph(dit(config));
    expect(countDeep((d) => dit({ ...config, depth: d }), depth)).toMatchObject({ parameters, macs, bytes });
  }
  const { parameters, macs, bytes } = describeGraph(uvit(UVIT_CONFIG));
  expect(countDeep((d) => uvit({ ...UVIT_CONFIG, depth: d }), UVIT_CONFIG.depth, 2)).toMatchObject({
    parameters,
    macs,
    bytes,
  });
});

describe('scaling', () => {
  const of = (name: string) => scaled().find((row) => row.name === name)!;
  it('counts the work that the paper prints as Gflops', () => {
    const printed = {
      s: [0.36, 1.41, 6.06],
      b: [1.42, 5.57, 23.0],
      l: [5.01, 19.7, 80.7],
      xl: [7.39, 29.0, 118.6],
    };
    for (const [size, row] of Object.entries(printed))
      for (const [i, patch] of PATCHES.entries()) {
        const macs = of(`DiT-${size.toUpperCase()}/${patch}`).macs / 1e9;
        expect(Math.abs(macs / row[i]! - 1), `${size}/${patch}: ${macs}`).toBeLessThan(0.03);
      }
  });
  it('falls with every finer patch and with every larger size', () => {
    for (const size of SIZES) {
      const fids = scaled()
        .filter((row) => row.size === size)
        .map((row) => row.fid);
      expect(fids).toEqual(fids.toSorted((a, b) => b - a));
    }
    for (const patch of PATCHES) {
      const fids = scaled()
        .filter((row) => row.patch === patch)
        .map((row) => row.fid);
      expect(fids).toEqual(fids.toSorted((a, b) => b - a));
    }
    expect(of('DiT-XL/2').fid).toBe(WAY_FID['adaln-zero']);
  });
});

describe('the family', () => {
  it('is counted where we have its graph, as published', () => {
    const of = (id: string) => relatives().find((r) => r.id === id)!;
    expect((of('ddpm').counted!.parameters / 1e6).toFixed(1)).toBe('35.7');
    expect((of('uvit-s').counted!.parameters / 1e6).toFixed(2)).toBe('44.26');
    expect((of('uvit-h').counted!.macs / 1e9).toFixed(1)).toBe('133.2');
    expect((of('dit-xl').counted!.macs / 1e9).toFixed(1)).toBe('118.6');
    for (const r of relatives()) {
      expect(Boolean(r.counted) !== Boolean(r.stated), r.id).toBe(true);
      const work = bibliography[r.source];
      if (work) expect(r.from).toContain(work.arxiv);
    }
  });
  it('U-ViT comes before DiT', () => {
    const months = MILESTONES.map((m) => monthOf(m.arxiv));
    expect(months).toEqual([...months].sort());
    expect(monthOf('2209.12152')).toBe('2022-09');
    expect(months.indexOf('2022-09')).toBeLessThan(months.indexOf('2022-12'));
  });
});

describe('the builder', () => {
  const base: Choices = { image: 256, factor: 8, patch: 2, dim: 1152, depth: 28, means: 'adaln-zero' };
  it('makes 32 × 32 × 4 of 256 pixels, and 256 tokens of that', () => {
    const { built } = build(base);
    expect(built!.stations.map((s) => `${s.id} ${s.shape.join(' ')}`)).toEqual([
      'picture 3 256 256',
      'latent 4 32 32',
      'patches 256 16',
      'tokens 256 1152',
      'scores 16 256 256',
      'prediction 4 32 32',
    ]);
    expect((built!.macs / 1e9).toFixed(1)).toBe('118.6');
    expect(built!.scoreBytes).toBe(4 * 16 * 256 ** 2);
  });
  it.each(['dit-s-2', 'dit-b-2', 'dit-l-2', 'dit-xl-2'])('has the heads of the published %s', (preset) => {
    const { dim, heads } = ditPresets[preset]!;
    expect(headsOf(dim)).toBe(heads);
  });
  it.each(Object.entries(uvitPresets))('has the heads of the published %s', (_, { dim, heads }) =>
    expect(headsOf(dim)).toBe(heads),
  );
  it('without an autoencoder the same picture has 64 times the tokens, at the same patch', () => {
    expect(build({ ...base, factor: 1, dim: 64, depth: 2 }).built!.tokens).toBe(64 * 256);
  });
  it.each(MEANS)('%s is built from the same sliders', (means) => {
    const { built } = build({ ...base, dim: 384, depth: 12, means });
    expect(built!.tokens).toBe(256 + (means === 'uvit' || means === 'in-context' ? 2 : 0));
  });
  it.each<[Partial<Choices>, keyof Choices, string, string]>([
    [{ image: 200, factor: 16 }, 'factor', 'no whole latent', '不是整数'],
    [{ patch: 3 }, 'patch', 'do not fill', '铺不满'],
    [{ patch: 64 }, 'patch', 'larger than the picture', '还大'],
    [{ dim: 100 }, 'dim', 'heads of 64', '64 的头'],
    [{ means: 'uvit', depth: 5 }, 'depth', 'even', '偶数'],
    [{ image: 512, factor: 1, patch: 1 }, 'patch', 'at most 65,536', '65,536'],
  ])('%j is refused with a reason', (change, field, en, zh) => {
    const { built, fault } = build({ ...base, ...change });
    expect(built).toBeUndefined();
    expect(fault!.field).toBe(field);
    expect(fault!.text.en).toContain(en);
    expect(fault!.text.zh).toContain(zh);
  });
  it('estimates from a pace, and not without one', () => {
    expect(estimate(2e9, 1e7)).toBe(200);
    expect(estimate(2e9, undefined)).toBeUndefined();
  });
});

describe('the prose', () => {
  it('names a distance with the digits its paper prints', () => {
    const said = (name: string, at: string) => numbers[name]!(undefined as never, at)?.value;
    expect(
      ['in-context', 'cross-attention', 'adaln', 'adaln-zero'].map((way) => said('wayfid', way)),
    ).toEqual(['35.2', '26.1', '25.2', '19.5']);
    expect(said('fid', 'ddpm')).toBe('3.17');
  });
});
