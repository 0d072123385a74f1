import { beforeAll, describe, expect, it } from 'vitest';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { runGraph, type Feeds } from '#lib/graph/session.testing.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { float32Of } from '#lib/weights/source.ts';
import { neutralOf } from '../registry.ts';
import { FAMILY as DIT } from './family.ts';
import { referenceDit } from './reference.testing.ts';
import { dit, ditConfig, ditPresets, ditSizes, type DiTConfig } from './graph.ts';
import {
  apart,
  computed,
  expectNeutral,
  expectTensors,
  lively,
  neutralFeeds,
  runAll,
} from '../held.testing.ts';

const TINY: Partial<DiTConfig> = {
  image: 8,
  patch: 4,
  channels: 2,
  dim: 8,
  depth: 2,
  heads: 2,
  classes: 3,
  mlpRatio: 2,
  timeFrequencies: 6,
};
const noise = (n: number, seed = 11) => Float32Array.from({ length: n }, gaussian(seed));
const pixels = (c: DiTConfig) => c.channels * c.image ** 2;

describe('every tensor is what its formula says, in each variant', () => {
  const variants: Record<string, Partial<DiTConfig>> = {
    'adaLN-Zero, as published': {},
    'without a variance': { learnSigma: false },
    'the time as diffusers has it': { timeShift: 1 },
    'time alone': { classes: 0, nullClass: false },
    adaLN: { condition: 'adaln' },
    'cross-attention': { condition: 'cross-attention' },
    'cross-attention onto the time alone': { condition: 'cross-attention', classes: 0, qkvBias: false },
    'in context': { condition: 'in-context' },
    'in context, time alone, no positions': { condition: 'in-context', classes: 0, positions: 'none' },
    'no positions, exact GELU, no qkv bias': {
      positions: 'none',
      gelu: 'erf',
      qkvBias: false,
      normEps: 0.01,
    },
  };

  it.each(Object.entries(variants))('%s', async (_, change) => {
    const c = ditConfig({ ...TINY, ...change });
    const g = dit(c, { batch: 2 });
    const weights = lively(g);
    const x = noise(2 * pixels(c));
    const t = [0, 999];
    const y = [1, ditSizes(c).labels - 1];
    const got = await runAll(g, { x, t, y }, weights);
    for (const i of [0, 1]) {
      const one = x.slice(i * pixels(c), (i + 1) * pixels(c));
      const inputs = { x: one, t: t[i]!, y: y[i]! };
      expectTensors(
        g,
        got,
        referenceDit(c, (name) => float32Of(weights, name) ?? [], inputs),
        i,
      );
    }
  });

  it('with gates of zero every block passes its tokens through', async () => {
    const c = ditConfig(TINY);
    const g = dit(c);
    const source = lively(g);
    const zero = new Uint8Array(4 * 6 * c.dim * c.dim);
    const weights = {
      ...source,
      get: (name: string) => {
        const entry = source.get(name);
        if (!entry || !/^blocks.*adaLN/.test(name)) return entry;
        return { ...entry, file: 'zero', offset: 0 };
      },
      buffers: new Map([...source.buffers, ['zero', zero]]),
    };
    const got = await runAll(g, { x: noise(pixels(c)), t: [5], y: [0] }, weights);
    expect(got['blocks.1']!.data).toEqual(got['tokens']!.data);
  });
});

describe('interventions', () => {
  const c = ditConfig(TINY);
  const plain = dit(c);
  const live = dit(c, { interventions: true });
  const weights = lively(plain);
  const given: Feeds = { x: noise(pixels(c)), t: [421], y: [2] };
  const run = (feeds: Feeds): Promise<Record<string, Tensor>> =>
    runGraph(live, computed(live), { ...given, ...neutralFeeds(DIT, c), ...feeds }, weights);
  let before: Record<string, Tensor>;

  beforeAll(async () => {
    before = await runAll(plain, given, weights);
  });

  it('are those that the architecture lists, in each variant', () => {
    for (const condition of ['adaln-zero', 'adaln', 'cross-attention', 'in-context'] as const)
      expectNeutral(DIT, ditConfig({ ...TINY, condition }));
    expect(Object.keys(neutralOf({ architecture: 'dit', config: c }))).toEqual([
      'head_mask',
      'token_mask',
      'block_skip',
      'pos_scale',
      'attn_temperature',
      'time_gate',
      'time_override',
    ]);
  });

  it.each(['adaln-zero', 'adaln', 'cross-attention', 'in-context'] as const)(
    'with their neutral values change no tensor by more than 1e-6: %s',
    async (condition) => {
      const variant = ditConfig({ ...TINY, condition });
      const g = dit(variant, { interventions: true });
      const without = await runAll(dit(variant), given, lively(g));
      const now = await runGraph(g, computed(g), { ...given, ...neutralFeeds(DIT, variant) }, lively(g));
      expect(Object.keys(now).sort()).toEqual(Object.keys(without).sort());
      for (const name of Object.keys(without))
        expect(apart(now[name]!.data, without[name]!.data), name).toBeLessThanOrEqual(1e-6);
    },
  );

  it('a time given instead, a block skipped, a head and a patch cut', async () => {
    const now = await run({ time_gate: [0], time_override: [17] });
    const there = await runAll(plain, { ...given, t: [17] }, weights);
    expect(apart(now['prediction']!.data, there['prediction']!.data)).toBeLessThan(1e-6);
    const skipped = await run({ block_skip: [0, 1] });
    expect(apart(skipped['blocks.0']!.data, before['tokens']!.data)).toBe(0);
    const head = await run({ head_mask: [1, 0, 1, 1] });
    const out = head['blocks.0.attn.out']!.data;
    expect(out.slice(out.length / 2).every((v) => v === 0)).toBe(true);
    const patch = await run({ token_mask: [1, 0, 1, 1] });
    const probs = patch['blocks.0.attn.probs']!;
    expect([...probs.data].filter((_, i) => i % 4 === 1).every((v) => v === 0)).toBe(true);
  });
});

describe('what the ways of conditioning cost', () => {
  const of = (condition: DiTConfig['condition']) =>
    describeGraph(dit({ ...ditPresets['dit-xl-2']!, condition }));
  const block = (condition: DiTConfig['condition']) =>
    of(condition)
      .weights.filter((w) => w.name.startsWith('blocks.0.'))
      .reduce((n, w) => n + w.parameters, 0);
  const d = 1152;

  it('parameters of a block', () => {
    expect(block('in-context')).toBe(12 * d * d + 13 * d);
    expect(block('adaln') - block('in-context')).toBe(4 * d * d + 4 * d - 4 * d);
    expect(block('adaln-zero') - block('adaln')).toBe(2 * d * d + 2 * d);
    expect(block('cross-attention') - block('in-context')).toBe(4 * d * d + 4 * d + 2 * d);
  });

  it('cross-attention needs about 15 % more work, the others almost nothing', () => {
    const base = of('adaln-zero').macs;
    expect(of('cross-attention').macs / base).toBeGreaterThan(1.13);
    expect(of('cross-attention').macs / base).toBeLessThan(1.17);
    for (const kind of ['in-context', 'adaln'] as const)
      expect(Math.abs(of(kind).macs / base - 1)).toBeLessThan(0.01);
  });
});

describe('configurations that cannot be built', () => {
  const refusals: [change: Partial<DiTConfig>, message: string][] = [
    [
      { condition: 'film' as 'adaln' },
      'condition: must be one of adaln-zero, adaln, cross-attention, in-context',
    ],
    [
      { timeFrequencies: 7 },
      'timeFrequencies: must be even, half cosines and half sines of the time, not 7.',
    ],
    [{ dim: 18, heads: 3 }, 'positions: sincos2d needs a width divisible by 4, not 18.'],
    [{ patch: 5 }, 'patch: patches of 5 pixels do not fill a picture of 32.'],
    [{ learnSigma: 'no' as unknown as boolean }, 'learnSigma: must be one of true, false, not no.'],
  ];
  it.each(refusals)('%j', (change, message) => {
    expect(() => ditConfig(change)).toThrow(message);
  });
});
