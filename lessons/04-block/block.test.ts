import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vit, vitPresets, vitSizes, type ViTConfig } from '#lib/models/vit/graph.ts';
import { describe as describeGraph } from '#lib/graph/index.ts';
import { kindOf } from '#lib/figures/block/kinds.ts';
import { layoutBlock } from '#lib/figures/block/layout.ts';
import { colourDepths, matchColours } from './colours.ts';
import { blockOutline, postNormBlock, postNormOutline } from './graphs.ts';
import { state } from './state.ts';

it('opens at the patch size of the model’s own configuration', () => {
  const { config } = JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
    config: ViTConfig;
  };
  expect(state.fields.p.default).toBe(config.patch);
});

describe('a post-norm block', () => {
  const base = vitPresets['vit-b-16']!;
  const post = postNormBlock(base);
  const pre = vit(base);
  it('has the parameters and the work of a pre-norm block, 7,087,872 in ViT-B', () => {
    const of = (graph: typeof post) => {
      const rows = describeGraph(graph).tensors.filter((t) => t.name.startsWith('blocks.0'));
      return [rows.reduce((n, t) => n + t.parameters, 0), rows.reduce((n, t) => n + t.macs, 0)];
    };
    expect(of(post)).toEqual(of(pre));
    expect(of(post)[0]).toBe(7_087_872);
    const { tokens } = vitSizes(base);
    expect(of(post)[1]).toBe(12 * tokens * 768 ** 2 + 2 * tokens ** 2 * 768);
  });
  it('has its norms on the stream; a pre-norm block has none there', () => {
    const onStream = (o: ReturnType<typeof postNormOutline>) =>
      layoutBlock(o, { width: 400, pitch: 34, nodeHeight: 22 })
        .nodes.filter((n) => n.trunk)
        .map((n) => kindOf(n.node));
    expect(onStream(postNormOutline(base))).toEqual(['input', 'add', 'norm', 'add', 'norm']);
    expect(onStream(blockOutline(pre, 0))).toEqual(['input', 'add', 'add']);
  });
});

describe('colours of tokens', () => {
  const N = 30;
  const D = 5;
  /** Three clear directions of falling variance, turned and swapped by `mix`. */
  const tokens = (mix: readonly [number, number, number], noise: number) =>
    Float32Array.from({ length: N * D }, (_, i) => {
      const n = Math.floor(i / D);
      const waves = [3 * Math.sin(n), 2 * Math.cos(1.7 * n), Math.sin(2.9 * n + 1)];
      const k = i % D;
      const at = mix.findIndex((m) => Math.abs(m) === k + 1);
      return (at < 0 ? 0 : Math.sign(mix[at]!) * waves[at]!) + noise * Math.sin(i * 7.3);
    });
  it('stay when a component changes its sign or its place', () => {
    const [a, b, c] = [
      ...colourDepths([tokens([1, 2, 3], 0), tokens([-2, 4, -1], 1e-3), tokens([3, -1, 2], 1e-3)], D, 'own'),
    ];
    for (const other of [b!, c!])
      other.colours.forEach((v, i) => expect(Math.abs(v - a!.colours[i]!)).toBeLessThan(0.02));
  });
  it('matching finds the order and the signs', () => {
    const before = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i * i));
    const order = [2, 0, 1];
    const now = before.map((_, i) => -before[i - (i % 3) + order[i % 3]!]!);
    expect(matchColours(now, before)).toEqual([
      { from: 1, sign: -1 },
      { from: 2, sign: -1 },
      { from: 0, sign: -1 },
    ]);
  });
  it('shares are of the variance of the depth itself, and reach 1 where three directions hold all', () => {
    for (const basis of ['own', 'all'] as const)
      for (const { share, colours, ranges } of colourDepths(
        [tokens([1, 2, 3], 0), tokens([1, 2, 3], 0)],
        D,
        basis,
      )) {
        expect(share.reduce((x, y) => x + y, 0)).toBeCloseTo(1, 6);
        expect(Math.min(...colours)).toBe(0);
        expect(Math.max(...colours)).toBe(1);
        for (const [low, high] of ranges) expect(high).toBeGreaterThan(low);
      }
  });
  it('a depth whose tokens are all alike is grey', () => {
    const [flat] = [...colourDepths([new Float32Array(N * D).fill(2)], D, 'own')];
    expect(new Set(flat!.colours)).toEqual(new Set([0.5]));
    expect(flat!.share).toEqual([0, 0, 0]);
  });
});
