import { beforeAll, describe, expect, it } from 'vitest';
import { gaussian } from '#lib/graph/seeded.ts';
import { runGraph, type Feeds } from '#lib/graph/session.testing.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { float32Of } from '#lib/weights/source.ts';
import {
  apart,
  computed,
  expectNeutral,
  expectTensors,
  lively,
  neutralFeeds,
  runAll,
} from '../held.testing.ts';
import { neutralOf } from '../registry.ts';
import { FAMILY as UVIT } from './family.ts';
import { referenceUVit } from './reference.testing.ts';
import { uvit, uvitConfig, uvitSizes, type UViTConfig } from './graph.ts';

const TINY: Partial<UViTConfig> = { image: 8, patch: 4, dim: 8, depth: 4, heads: 2, classes: 3, mlpRatio: 2 };
const noise = (n: number, seed = 11) => Float32Array.from({ length: n }, gaussian(seed));
const pixels = (c: UViTConfig) => c.channels * c.image ** 2;

describe('every tensor is what its formula says, in each variant', () => {
  const variants: Record<string, Partial<UViTConfig>> = {
    'as published, with classes': {},
    'without classes': { classes: 0, nullClass: false },
    'no row for “no class”': { nullClass: false },
    'a latent of 4 channels, no convolution': { channels: 4, conv: false },
    'skips added': { skip: 'add' },
    'skips projected, then added': { skip: 'project-add' },
    'skips added, then projected': { skip: 'add-project' },
    'no skips': { skip: 'none' },
    'MLP on the time': { timeMlp: true },
    'fixed positions': { positions: 'sincos2d' },
    'no positions': { positions: 'none' },
    'text, qkv with bias, tanh GELU': {
      contextTokens: 3,
      contextDim: 5,
      classes: 0,
      qkvBias: true,
      gelu: 'tanh',
    },
    'one block in, one out, patches of one pixel': { depth: 2, image: 3, patch: 1, normEps: 0.01 },
  };

  it.each(Object.entries(variants))('%s', async (_, change) => {
    const c = uvitConfig({ ...TINY, ...change });
    const g = uvit(c, { batch: 2 });
    const weights = lively(g);
    const x = noise(2 * pixels(c));
    const t = [3.25, 999];
    const y = [1, uvitSizes(c).labels - 1];
    const words = (c.contextTokens ?? 0) * (c.contextDim ?? 768);
    const context = noise(2 * words, 5);
    const got = await runAll(g, { x, t, y, context }, weights);
    for (const i of [0, 1]) {
      const want = referenceUVit(c, (name) => float32Of(weights, name) ?? [], {
        x: x.slice(i * pixels(c), (i + 1) * pixels(c)),
        t: t[i]!,
        y: y[i]!,
        context: context.slice(i * words, (i + 1) * words),
      });
      expectTensors(g, got, want, i);
    }
  });

  it('the last in-block feeds the first out-block', () => {
    const g = uvit(uvitConfig({ ...TINY, depth: 6 }));
    const from = (j: number) => g.value(`out_blocks.${j}.skip`).producer!.inputs[0]!.name;
    expect([0, 1, 2].map(from)).toEqual(['in_blocks.2', 'in_blocks.1', 'in_blocks.0']);
  });
});

describe('interventions', () => {
  const c = uvitConfig(TINY);
  const plain = uvit(c);
  const live = uvit(c, { interventions: true });
  const weights = lively(plain);
  const given: Feeds = { x: noise(pixels(c)), t: [421], y: [2] };
  const run = (feeds: Feeds): Promise<Record<string, Tensor>> =>
    runGraph(live, computed(live), { ...given, ...neutralFeeds(UVIT, c), ...feeds }, weights);
  let before: Record<string, Tensor>;
  let neutral: Record<string, Tensor>;
  const changed = (now: Record<string, Tensor>, name: string) => apart(now[name]!.data, neutral[name]!.data);

  beforeAll(async () => {
    before = await runAll(plain, given, weights);
    neutral = await run({});
  });

  it('are inputs with these shapes', () => {
    expectNeutral(UVIT, c);
    for (const change of [{ skip: 'none' }, { conv: false }, { positions: 'none' }, { classes: 0 }] as const)
      expectNeutral(UVIT, uvitConfig({ ...TINY, ...change }));
    const shapes = Object.entries(neutralOf({ architecture: 'uvit', config: c })).map(([name, { shape }]) => [
      name,
      shape,
    ]);
    expect(Object.fromEntries(shapes)).toEqual({
      head_mask: [5, 2],
      token_mask: [6],
      pos_scale: [],
      attn_temperature: [],
      block_skip: [5],
      skip_gates: [2],
      conv_gate: [],
      time_gate: [],
      time_override: [],
    });
  });

  it('with their neutral values change no tensor by more than 1e-6', () => {
    expect(Object.keys(neutral).sort()).toEqual(Object.keys(before).sort());
    for (const name of Object.keys(before))
      expect(apart(neutral[name]!.data, before[name]!.data), name).toBeLessThanOrEqual(1e-6);
  });

  it('a skip gate scales what out-block j takes from its in-block, before the projection', async () => {
    const now = await run({ skip_gates: [1, 0.25] });
    expect(changed(now, 'out_blocks.0')).toBe(0);
    const source = neutral['in_blocks.0']!.data;
    expect(
      apart(
        now['out_blocks.1.skip']!.data,
        source.map((v) => v / 4),
      ),
    ).toBeLessThan(1e-6);
    expect(changed(now, 'prediction')).toBeGreaterThan(1e-3);
  });

  it('without convolution the prediction is the picture put together', async () => {
    const now = await run({ conv_gate: [0] });
    expect(apart(now['prediction']!.data, neutral['unpatchify']!.data)).toBeLessThan(1e-6);
    expect(apart(neutral['prediction']!.data, neutral['unpatchify']!.data)).toBeGreaterThan(1e-2);
  });

  it('another time can be given in place of the true one', async () => {
    const now = await run({ time_gate: [0], time_override: [17] });
    const there = await runAll(plain, { ...given, t: [17] }, weights);
    for (const name of Object.keys(there))
      expect(apart(now[name]!.data, there[name]!.data), name).toBeLessThan(1e-6);
  });

  it('a token taken away is seen by no other: class and time', async () => {
    const noLabel = await run({ token_mask: [0, 1, 1, 1, 1, 1], y: [0] });
    const other = await run({ token_mask: [0, 1, 1, 1, 1, 1], y: [1] });
    expect(apart(noLabel['prediction']!.data, other['prediction']!.data)).toBeLessThan(1e-6);
    const noTime = await run({ token_mask: [1, 0, 1, 1, 1, 1], t: [3] });
    const later = await run({ token_mask: [1, 0, 1, 1, 1, 1], t: [800] });
    expect(apart(noTime['prediction']!.data, later['prediction']!.data)).toBeLessThan(1e-6);
    expect(changed(noTime, 'prediction')).toBeGreaterThan(1e-3);
  });

  it('heads, blocks, positions and temperature: each changes what comes after it alone', async () => {
    const head = await run({ head_mask: [1, 1, 1, 1, 0, 1, 1, 1, 1, 1] });
    expect(changed(head, 'in_blocks.1')).toBe(0);
    const half = head['mid_block.attn.out']!.data;
    expect(half.slice(0, half.length / 2).every((v) => v === 0)).toBe(true);
    const skipped = await run({ block_skip: [1, 1, 0, 1, 1] });
    expect(apart(skipped['mid_block']!.data, neutral['in_blocks.1']!.data)).toBe(0);
    const nowhere = await run({ pos_scale: [0] });
    expect(apart(nowhere['tokens']!.data, neutral['token_cat']!.data)).toBe(0);
    const cold = await run({ attn_temperature: [0.5] });
    expect(changed(cold, 'in_blocks.0.attn.scores')).toBeLessThan(1e-6);
    expect(changed(cold, 'in_blocks.0.attn.probs')).toBeGreaterThan(1e-3);
  });
});

describe('configurations that cannot be built', () => {
  const refusals: [change: Partial<UViTConfig>, message: string][] = [
    [{ depth: 11 }, 'depth: must be even, half going in and half coming out, not 11.'],
    [{ patch: 3 }, 'patch: patches of 3 pixels do not fill a picture of 32.'],
    [{ heads: 5 }, 'heads: the width 512 does not divide into 5 heads.'],
    [{ image: 1024, patch: 1 }, 'patch: makes 1,048,576 patches; at most 65,536 can be.'],
    [{ dim: 27, heads: 3 }, 'dim: must be even, half cosines and half sines of the time, not 27.'],
    [
      { skip: 'gate' as 'add' },
      'skip: must be one of concat, add, project-add, add-project, none, not gate.',
    ],
    [{ conv: 1 as unknown as boolean }, 'conv: must be one of true, false, not 1.'],
    [{ classes: -1 }, 'classes: must be a whole number from 0 up, not -1.'],
    [{ contextTokens: 0.5 }, 'contextTokens: must be a whole number from 0 up, not 0.5.'],
  ];
  it.each(refusals)('%j', (change, message) => {
    expect(() => uvitConfig(change)).toThrow(message);
  });
});
