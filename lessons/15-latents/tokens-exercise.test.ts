import { describe, expect, it } from 'vitest';
import { costAt, FACTORS } from './factors.ts';
import { halfLost } from './half-lost.ts';
import { measure, signalShare } from './latent-measure.ts';
import { reachOf } from '#lib/analysis/reach.ts';
import { TOKENS_CASES, tokensTask } from './tokens-exercise.ts';

describe('patches of latents', () => {
  it('are as many as published models have, and every case tells its mistakes apart', () => {
    expect(TOKENS_CASES.map((one) => tokensTask(one).tokens)).toEqual([256, 1024, 256, 256, 1024]);
    for (const one of TOKENS_CASES) {
      const { tokens, mistakes } = tokensTask(one);
      expect(Number.isInteger(tokens)).toBe(true);
      for (const { when } of mistakes) expect(when([tokens], [tokens])).toBe(false);
    }
    const [first] = TOKENS_CASES;
    const said = (n: number) =>
      tokensTask(first!).mistakes.find(({ when }) => when([n], [256]))?.say.en ?? '';
    expect(said(16)).toContain('one row');
    expect(said(1024)).toContain('cells');
    expect(said(16384)).toContain('picture itself');
    expect(said(512)).toContain('square');
  });
});

describe('what a factor costs', () => {
  const costs = FACTORS.map(costAt);
  it('is a quarter of the cells a step, and 18 tokens that stay', () => {
    expect(costs.map(({ tokens }) => tokens)).toEqual([4114, 1042, 274, 82, 34]);
  });
  it('falls by more than a quarter where pairs weigh most, and by less where they do not', () => {
    const ratio = (i: number) => costs[i]!.macs / costs[i + 1]!.macs;
    expect(ratio(0)).toBeGreaterThan(8);
    expect(ratio(3)).toBeLessThan(3);
    expect(costs[0]!.pairs / costs[0]!.macs).toBeGreaterThan(0.7);
    expect(costs[4]!.pairs / costs[4]!.macs).toBeLessThan(0.05);
  });
});

describe('where a change is seen', () => {
  it('adds up, ring by ring', () => {
    const change = new Float32Array(64);
    change[0] = 2; // cell 0 of 4 × 4, two pixels a side
    change[2] = 1; // its neighbour
    change[63] = 1; // far away
    expect(reachOf(change, 0, 4)).toEqual({ own: 4 / 6, around: 1 / 6, elsewhere: 1 / 6, most: 2 });
    expect(reachOf(new Float32Array(64), 0, 4)).toBeUndefined();
  });
});

describe('how wide latents spread', () => {
  it('is measured over all numbers and channel by channel', () => {
    // Two passes of one picture, two channels of two cells.
    const found = measure([Float32Array.of(1, -1, 2, -2), Float32Array.of(1, -1, 2, -2)], 2, 1);
    expect(found.channels).toEqual([1, 2]);
    expect(found.std).toBeCloseTo(Math.sqrt(2.5));
    expect([found.pictures, found.values.length]).toEqual([2, 8]);
  });
  it('shifts the share of signal', () => {
    expect(signalShare(0.6, 0.8, 1)).toBeCloseTo(0.36);
    expect(signalShare(0.6, 0.8, 2)).toBeCloseTo(1.44 / 2.08);
    expect(signalShare(1, 0, 0.3)).toBe(1);
  });
});

it('half is lost from the first frequency after which it stays lost', () => {
  expect(halfLost([9, 4, 4, 4, 4], [0, 3, 1, 3, 3])).toBe(3);
  expect(halfLost([9, 4, 4], [0, 3, 1])).toBeUndefined();
});
