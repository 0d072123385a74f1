import { describe, expect, it } from 'vitest';
import { logSlope } from '#lib/analysis/log-slope.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import { runAll } from '#lib/models/held.testing.ts';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { hasCls } from '#lib/models/vivit/config.ts';
import { vivit, vivitConfig, vivitSizes } from '#lib/models/vivit/graph.ts';
import { canBuild, costOf, FORMS, PRINTED, PUBLISHED, publishedCost, sizesOf } from './clip-counts.ts';
import { GROWTH_CASES, growthTask, pairsOf } from './growth-exercise.ts';
import { KERNEL_CASES, kernelTask } from './kernel-exercise.ts';
import { CONFIGS, LABELS } from './model.ts';
import { MOTIONS, TASKS } from './motions.ts';
import { programRows } from './program-rows.ts';
import { lookOf, LOOKS, pairTable, reachedBy } from './reach.ts';
import { TUBELET_CASES, tubeletTask } from './tubelet-exercise.ts';

describe.each(FORMS)('%s', (form) => {
  const config = vivitConfig({
    frames: 6,
    image: 16,
    tubelet: 2,
    patch: 8,
    dim: 8,
    depth: 2,
    heads: 2,
    temporalDepth: 1,
    classes: 3,
    attention: form,
  });
  const sizes = vivitSizes(config);
  const N = sizes.tubelets;

  it('lets a token be changed by just those that the map shows, after one block and after two', async () => {
    const g = vivit(config);
    const weights = seededWeights(g, 5);
    const x = Float32Array.from({ length: 6 * 3 * 16 * 16 }, (_, i) => Math.sin(2.3 * i));
    const before = await runAll(g, { x }, weights);
    /** Whether tubelets [time, place] are others in the output of a block, `[N]`. */
    const changed = async (token: number, block: number): Promise<number[]> => {
      const y = x.slice();
      const [time, place] = [Math.floor(token / sizes.places), token % sizes.places];
      const [row, col] = [Math.floor(place / sizes.grid), place % sizes.grid];
      y[(time * 2 * 3 * 16 + row * 8 + 1) * 16 + col * 8 + 2]! += 3;
      const after = await runAll(g, { x: y }, weights);
      const [a, b] = [before, after].map((ran) => ran[`blocks.${block}`]!.data);
      const D = config.dim;
      // A class token stands before all tubelets, or before those of each time.
      const at = (n: number) =>
        form === 'joint' ? n + 1 : form === 'factorised-encoder' ? n + 1 + Math.floor(n / sizes.places) : n;
      expect(hasCls(config)).toBe(at(0) === 1);
      return Array.from({ length: N }, (_, n) =>
        Number(Array.from({ length: D }, (_, d) => at(n) * D + d).some((i) => a![i] !== b![i])),
      );
    };
    for (const token of [0, 6])
      for (const block of [0, 1]) {
        const moved = await changed(token, block);
        const said = Array.from({ length: N }, (_, q) => reachedBy(form, sizes, q, block + 1)[token]);
        expect(moved).toEqual(said);
      }
  });

  it('has as many pairs as its attention weights are, without class tokens', () => {
    const table = pairTable(form, sizes);
    const looked = table.reduce((sum, look) => sum + (LOOKS[look] === 'none' ? 0 : 1), 0);
    // A token that looks at itself in both attentions is one pair of the map, and two of the weights.
    const twice = table.reduce((sum, look) => sum + (LOOKS[look] === 'both' ? 1 : 0), 0);
    const half = form === 'factorised-dot-product' ? 2 : 1;
    expect((looked + twice) / half).toBe(pairsOf(form, sizes.times, sizes.places));
    if (!hasCls(config))
      expect(costOf(config).weights / config.heads).toBe(pairsOf(form, sizes.times, sizes.places));
  });

  it('prints what the paper does', () => {
    const { parameters, macs } = publishedCost(form, 32);
    expect(Math.abs(parameters / 1e6 - PRINTED[form].millions)).toBeLessThan(0.06);
    expect(macs / 1e9 / PRINTED[form].giga).toBeGreaterThan(0.99);
    expect(macs / 1e9 / PRINTED[form].giga).toBeLessThan(1);
  });

  it('as a program counts all work but that of the blocks it leaves out', () => {
    const rows = programRows(vivit({ ...PUBLISHED[form], depth: 1, temporalDepth: 1 }));
    const whole = costOf({ ...PUBLISHED[form], depth: 1, temporalDepth: 1 }).macs;
    expect(rows.reduce((sum, { macs }) => sum + macs, 0)).toBe(whole);
    expect(rows[0]?.name).toBe('tubelets');
    expect(rows.at(-1)?.name).toBe('logits');
    for (const { says, shape, dims } of rows) {
      expect(says.zh).not.toBe('');
      expect(shape).toHaveLength(dims.length);
    }
  });
});

it('both networks cut a clip alike, and name the motions that a link can name', () => {
  expect(vivitSizes(CONFIGS.encoder)).toEqual(vivitSizes(CONFIGS.joint));
  expect(CONFIGS.encoder.frames).toBe(CONFIGS.joint.frames);
  expect(LABELS.map(({ id }) => id)).toEqual([...MOTIONS]);
  expect([...new Set(LABELS.map(({ group }) => group))]).toEqual([...TASKS]);
});

describe('what the prose says', () => {
  const billions = (n: number) => Math.round(n / 1e9);
  it('of the shapes of attention', () => {
    const shape = (form: (typeof FORMS)[number], name: string) =>
      programRows(vivit(PUBLISHED[form])).find((row) => row.name === name)?.shape;
    expect(shape('joint', 'blocks.0.attn.probs')).toEqual([12, 3137, 3137]);
    expect(shape('factorised-encoder', 'blocks.0.attn.probs')).toEqual([16, 12, 197, 197]);
    expect(shape('factorised-encoder', 'temporal.blocks.0.attn.probs')).toEqual([12, 17, 17]);
    expect(shape('factorised-self-attention', 'blocks.0.attn.probs')).toEqual([16, 12, 196, 196]);
    expect(shape('factorised-self-attention', 'blocks.0.attn_time.probs')).toEqual([196, 12, 16, 16]);
    expect(shape('factorised-dot-product', 'blocks.0.attn.space.probs')).toEqual([16, 6, 196, 196]);
    expect(shape('factorised-dot-product', 'blocks.0.attn.time.probs')).toEqual([196, 6, 16, 16]);
  });
  it('of the weights of one block: 1.89 GB, 472, 118 MB, and 7.55 GB', () => {
    const bytes = (tubelet: number, patch = 16) => 48 * sizesOf({ frames: 32, tubelet, patch }).tubelets ** 2;
    expect([bytes(1), bytes(2), bytes(4), bytes(2, 8)].map((b) => b / 1e6).map(Math.round)).toEqual([
      1888, 472, 118, 7553,
    ]);
    expect(sizesOf({ frames: 32, tubelet: 1, patch: 16 }).tubelets).toBe(6272);
    expect(canBuild({ frames: 128, tubelet: 1, patch: 8 })).toBe(false);
  });
  it('of the slopes', () => {
    const slope = (form: (typeof FORMS)[number], a: number, b: number, what: 'macs' | 'attention') =>
      logSlope([a, publishedCost(form, a)[what]], [b, publishedCost(form, b)[what]])?.toFixed(2);
    const ends = (form: (typeof FORMS)[number], what: 'macs' | 'attention') => [
      slope(form, 8, 16, what),
      slope(form, 64, 128, what),
    ];
    expect(ends('joint', 'attention')).toEqual(['2.00', '2.00']);
    expect(ends('factorised-encoder', 'attention')).toEqual(['1.00', '1.00']);
    expect(ends('factorised-self-attention', 'attention')).toEqual(['1.03', '1.19']);
    expect(ends('factorised-dot-product', 'attention')).toEqual(['1.03', '1.19']);
    expect(ends('joint', 'macs')).toEqual(['1.19', '1.65']);
    const { macs, attention } = publishedCost('joint', 32);
    expect([macs, attention, publishedCost('factorised-encoder', 32).macs].map(billions)).toEqual([
      452, 181, 283,
    ]);
  });
  it('of the tokens in sight: 67 of 256 in one look, all after one block and after two', () => {
    const sizes = { times: 4, places: 64 };
    const seen = (form: (typeof FORMS)[number]) =>
      Array.from({ length: 256 }, (_, k) => lookOf(form, sizes, 100, k)).filter((l) => l !== 'none').length;
    expect([seen('factorised-self-attention'), seen('factorised-dot-product')]).toEqual([67, 67]);
    const after = (form: (typeof FORMS)[number], blocks: number) =>
      reachedBy(form, sizes, 100, blocks).reduce((a, b) => a + b, 0);
    expect(after('factorised-self-attention', 1)).toBe(256);
    expect([1, 2].map((b) => after('factorised-dot-product', b))).toEqual([67, 256]);
    expect(after('factorised-encoder', 9)).toBe(64);
  });
});

describe('the exercises', () => {
  it('of tubelets know the usual mistakes', () => {
    for (const cut of TUBELET_CASES) {
      const { answer, mistakes } = tubeletTask(cut);
      const [N = 0, P = 0] = answer;
      expect(Number.isInteger(N) && Number.isInteger(P)).toBe(true);
      expect(mistakeIn(mistakes, answer, answer)).toBeUndefined();
      const wrong = [
        [N * cut.tubelet, P],
        [N / sizesOf(cut).grid, P],
        [sizesOf(cut).places, P],
        [N, P / 3],
        [N, P / cut.tubelet],
      ];
      const found = wrong.map((given) => mistakeIn(mistakes, given, answer)?.say.en);
      expect(new Set(found).size).toBe(wrong.length);
      expect(found).not.toContain(undefined);
    }
  });
  it('of kernels have whole answers, and know the usual mistakes', () => {
    for (const of of KERNEL_CASES) {
      const { answer, each, mistakes } = kernelTask(of);
      expect(answer.every(Number.isInteger)).toBe(true);
      const [mean = 0, central = 0] = answer;
      expect(central).toBe(each[1]);
      expect(mistakeIn(mistakes, [2 * mean, central], answer)?.say.en).toContain('divides');
      expect(mistakeIn(mistakes, [mean, each[0]!], answer)?.say.en).toContain('of two frames the second');
      expect(mistakeIn(mistakes, [central, mean], answer)).toBeDefined();
      expect(mistakeIn(mistakes, answer, answer)).toBeUndefined();
    }
  });
  it('of growth are the graph’s, and know the usual mistakes', () => {
    const [joint, encoder, self] = GROWTH_CASES.map(growthTask);
    expect([joint!.factor, encoder!.factor]).toEqual([4, 2]);
    const weights = (frames: number) => publishedCost('factorised-self-attention', frames).weights;
    expect(self!.factor).toBeCloseTo(weights(128) / weights(64), 10);
    expect(mistakeIn(joint!.mistakes, [2], [4])).toBeDefined();
    expect(mistakeIn(encoder!.mistakes, [4], [2])).toBeDefined();
    expect(mistakeIn(self!.mistakes, [2], [self!.factor])).toBeDefined();
    expect(Math.abs(self!.factor - 2)).toBeGreaterThan(0.05);
    expect(mistakeIn(self!.mistakes, [8], [self!.factor])).toBeDefined();
  });
});
