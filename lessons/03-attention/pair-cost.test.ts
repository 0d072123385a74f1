import { describe, expect, it } from 'vitest';
import { vitPresets } from '#lib/models/vit/graph.ts';
import { blockCost, blockCostOfGraph, crossing, pairShare, tokensAt } from './pair-cost.ts';

describe('the cost of attention', () => {
  it('by formula is what the graph counts', () => {
    for (const name of ['vit-ti-16', 'vit-s-16', 'vit-b-16', 'vit-l-16', 'vit-h-14'] as const)
      for (const patch of [14, 16, 32]) {
        const config = vitPresets[name]!;
        expect(blockCost(tokensAt(config, patch), config)).toEqual(blockCostOfGraph(config, patch));
      }
  });
  it('of pairs overtakes at 6 D tokens: 4608 for B', () => {
    const b = vitPresets['vit-b-16']!;
    expect(crossing(b)).toBe(4608);
    const { linear, pairs } = blockCost(4608, b);
    expect(pairs).toBe(linear);
  });
  it('of pairs is 4 % of B/16', () => {
    expect(Math.round(100 * pairShare(vitPresets['vit-b-16']!, 16))).toBe(4);
  });
});
