import { describe as group, expect, it } from 'vitest';
import { describe } from '#lib/graph/index.ts';
import { graphOf, preset } from '#lib/models/registry.ts';
import { ditPresets } from '#lib/models/dit/presets.ts';
import { uvitPresets } from '#lib/models/uvit/presets.ts';
import { ditCounts, uvitCounts } from './large-counts.ts';
import { PUBLISHED } from './published-sizes.ts';
import { CUTTINGS, tokenCost } from './token-cost.ts';

/** Millions of parameters and G of multiply-adds as the papers have them, of what is counted. */
const PRINTED: Readonly<Record<string, readonly [parameters: number, macs?: number]>> = {
  'uvit-l-256': [287, 77],
  'uvit-h-256': [501, 133],
  'dit-256': [675, 118.6],
  'uvit-s-coco': [45],
  'uvit-deep-coco': [58],
  'uvit-l-512': [287, 77],
  'uvit-h-512': [501, 133],
  'dit-512': [675, 524.6],
};

group('published networks', () => {
  it.each(PUBLISHED.filter(({ counts }) => counts))('$id is what its paper says', ({ id, counts }) => {
    const [millions = 0, work] = PRINTED[id] ?? [];
    expect(Math.abs(counts!.parameters / 1e6 / millions - 1)).toBeLessThan(0.02);
    if (work !== undefined) expect(Math.abs(counts!.macs / 1e9 / work - 1)).toBeLessThan(0.02);
  });

  it('are counted as their graphs are', () => {
    for (const name of ['uvit-s-2-coco', 'uvit-h-4-imagenet512', 'dit-s-2'] as const) {
      const { parameters, macs } = describe(graphOf(preset(name)!));
      const [u, d] = [uvitPresets[name], ditPresets[name]];
      expect(u ? uvitCounts(u) : ditCounts(d!), name).toEqual({ parameters, macs });
    }
  });

  it('without counts say what is printed, and all have an FID', () => {
    for (const { counts, parameters, work, fid, workCite } of PUBLISHED) {
      if (counts) expect([parameters, work]).toEqual([undefined, undefined]);
      expect(workCite === undefined).toBe(work === undefined);
      expect(fid).toMatch(/^\d+\.\d\d$/);
    }
  });
});

group('tokens of a large picture', () => {
  const at = (side: number) => CUTTINGS.map((cutting) => tokenCost(cutting, side));
  it('are as many at an eighth of the side with patches of 2 as in pixels with patches of 16', () => {
    const costs = at(256);
    expect(costs.map(({ tokens }) => tokens)).toEqual([256, 1024, 4096, 16_384, 64, 256]);
    expect(costs.map(({ values }) => values)).toEqual([768, 192, 48, 12, 64, 16]);
    expect(at(512).map(({ tokens }) => tokens)).toEqual([1024, 4096, 16_384, 65_536, 256, 1024]);
  });

  it('cost more than their number says, because attention goes with its square', () => {
    const [, , , finest, , latents] = at(256);
    const times = finest!.macs / latents!.macs;
    expect(times).toBeGreaterThan(1.5 * (finest!.tokens / latents!.tokens));
    expect(latents!.macs / 1e9).toBeCloseTo(76.5, 0);
  });
});
