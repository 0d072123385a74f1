import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#lib/base/tensor.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { apart, computed, expectNeutral, lively, neutralFeeds, runAll } from '../held.testing.ts';
import { ATTENTIONS, type SwinConfig } from './config.ts';
import { FAMILY } from './family.ts';
import { swin, swinConfig } from './graph.ts';
import { TINY } from './reference.testing.ts';

const SMALL: Partial<SwinConfig> = { ...TINY, positions: 'sincos2d' };
const picture = (c: SwinConfig) => Float32Array.from({ length: 3 * c.image ** 2 }, gaussian(11));

it.each(ATTENTIONS)('neutral values change no tensor: %s', async (attention) => {
  const c = swinConfig({ ...TINY, attention });
  expectNeutral(FAMILY, c);
  const weights = lively(swin(c));
  const x = picture(c);
  const plain = await runAll(swin(c), { x }, weights);
  const live = await runAll(swin(c, { interventions: true }), { x, ...neutralFeeds(FAMILY, c) }, weights);
  expect(Object.keys(live).sort()).toEqual(Object.keys(plain).sort());
  for (const name of Object.keys(plain))
    expect(apart(live[name]!.data, plain[name]!.data), name).toBeLessThan(1e-6);
});

describe('shifted windows', () => {
  const c = swinConfig(SMALL);
  const g = swin(c, { interventions: true });
  const weights = lively(swin(c));
  const x = picture(c);
  let plain: Record<string, Tensor>;
  const run = (given: Readonly<Record<string, readonly number[]>> = {}) =>
    runAll(g, { x, ...neutralFeeds(FAMILY, c), ...given }, weights);
  beforeAll(async () => {
    plain = await run();
  });

  /** Tokens of the first stage that differ between two runs at one tensor. */
  const moved = (a: Tensor, b: Tensor): number[] =>
    Array.from({ length: 64 }, (_, n) => n).filter(
      (n) => apart(a.data.slice(n * 8, n * 8 + 8), b.data.slice(n * 8, n * 8 + 8)) > 0,
    );

  it('a window that is passed over keeps its tokens through attention and MLP, and the others stay as they were', async () => {
    const keep = Array<number>(16).fill(1);
    keep[5] = 0; // row 1, column 1: tokens of rows and columns 2 and 3
    const live = await run({ 'layers.0.keep': keep });
    const inside = [18, 19, 26, 27];
    const before = plain['pos_added']!;
    for (const name of ['layers.0.blocks.0.attn.residual', 'layers.0.blocks.0'])
      for (const n of inside)
        expect(live[name]!.data.slice(n * 8, n * 8 + 8)).toEqual(before.data.slice(n * 8, n * 8 + 8));
    expect(moved(live['layers.0.blocks.0']!, plain['layers.0.blocks.0']!)).toEqual(inside);
  });

  it('a shifted window that is passed over is one of the rolled grid, also across the picture’s edge', async () => {
    const keep = Array<number>(16).fill(1);
    keep[15] = 0; // the last: its tokens are the four corners of the picture
    const live = await run({ 'layers.0.shifted_keep': keep });
    expect(moved(live['layers.0.blocks.0']!, plain['layers.0.blocks.0']!)).toEqual([]);
    const corners = [0, 7, 56, 63];
    expect(moved(live['layers.0.blocks.1']!, plain['layers.0.blocks.1']!)).toEqual(corners);
    for (const n of corners)
      expect(live['layers.0.blocks.1']!.data.slice(n * 8, n * 8 + 8)).toEqual(
        live['layers.0.blocks.0']!.data.slice(n * 8, n * 8 + 8),
      );
  });

  it('no window at all leaves what came in', async () => {
    const none = Array<number>(16).fill(0);
    const live = await run({ 'layers.0.keep': none, 'layers.0.shifted_keep': none });
    expect(live['layers.0.blocks.1']!.data).toEqual(live['pos_added']!.data);
  });

  it('switches take the bias and the mask away', async () => {
    const block = 'layers.0.blocks.1.attn';
    const unbiased = await run({ relative_bias: [0] });
    expect(unbiased[`${block}.biased`]!.data).toEqual(unbiased[`${block}.scores`]!.data);
    const unmasked = await run({ shift_mask: [0] });
    expect(unmasked[`${block}.mask`]!.data.every((v) => v === 0)).toBe(true);
    expect(unmasked[`${block}.masked`]!.data).toEqual(unmasked[`${block}.biased`]!.data);
    expect(apart(unmasked['logits']!.data, plain['logits']!.data)).toBeGreaterThan(1e-4);
    const without = await run({ pos_scale: [0] });
    expect(without['pos_added']!.data).toEqual(without['patch_embed']!.data);
  });

  it('the temperature divides what goes into the softmax', async () => {
    const live = await run({ attn_temperature: [2] });
    const name = 'layers.0.blocks.0.attn';
    const row = Array.from(plain[`${name}.biased`]!.data.slice(0, 4), (s) => Math.exp(s / 2));
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((v, i) => expect(live[`${name}.probs`]!.data[i]).toBeCloseTo(v / sum, 5));
  });

  it('a head that is cut gives nothing, a block that is passed over what came in', async () => {
    const cut = await run({ 'layers.1.head_mask': [1, 1, 1, 0] });
    const out = cut['layers.1.blocks.1.attn.out']!;
    expect(out.shape).toEqual([1, 4, 2, 4, 8]);
    for (let w = 0; w < 4; w++) {
      expect(out.data.slice(w * 64 + 32, w * 64 + 64).every((v) => v === 0)).toBe(true);
      expect(out.data.slice(w * 64, w * 64 + 32).some((v) => v !== 0)).toBe(true);
    }
    expect(apart(cut['layers.1.blocks.0']!.data, plain['layers.1.blocks.0']!.data)).toBe(0);
    const skipped = await run({ block_skip: [1, 1, 0, 1] });
    expect(skipped['layers.1.blocks.0']!.data).toEqual(skipped['layers.1.downsample']!.data);
  });
});

it('a head that is cut is cut at both scales', async () => {
  const c = swinConfig({ ...TINY, attention: 'multi-scale-linear', depths: [1], heads: [2] });
  const g = swin(c, { interventions: true });
  const weights = lively(swin(c));
  const live = await runAll(
    g,
    { x: picture(c), ...neutralFeeds(FAMILY, c), 'layers.0.head_mask': [0, 1] },
    weights,
  );
  const out = live['layers.0.blocks.0.attn.out']!;
  expect(out.shape).toEqual([1, 4, 64, 4]);
  const silent = [0, 1, 2, 3].map((h) => out.data.slice(h * 256, h * 256 + 256).every((v) => v === 0));
  expect(silent).toEqual([true, false, true, false]);
});

it('docs of every tensor are there in both forms', () => {
  for (const attention of ATTENTIONS)
    for (const interventions of [false, true]) {
      const g = swin(swinConfig({ ...TINY, attention, mlp: 'depthwise' }), { interventions });
      for (const name of computed(g)) expect(g.value(name).doc?.torch, name).toContain('=');
    }
});
