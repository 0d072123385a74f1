import { describe, expect, it } from 'vitest';
import { DENOISER_CONFIG, TWIN_CONFIG } from './model.ts';
import { ATTENTION, MIDDLE, PAIRS, SKIPS, VALLEY, WORK } from './twin-levels.ts';

describe('the twins by their graphs', () => {
  it('one narrows and one does not', () => {
    const { width } = TWIN_CONFIG;
    expect(VALLEY.levels.map(({ down }) => down.shape)).toEqual([
      [width, 8, 8],
      [2 * width, 4, 4],
    ]);
    expect(VALLEY.levels.map(({ span }) => span)).toEqual([1, 0.5]);
    const { dim, contextTokens = 0 } = DENOISER_CONFIG;
    const tokens = 2 + contextTokens + 64;
    for (const { down, up } of PAIRS)
      expect([down.shape, up.shape]).toEqual([
        [tokens, dim],
        [tokens, dim],
      ]);
    expect(MIDDLE.shape).toEqual([tokens, dim]);
    expect(PAIRS.map(({ from, into }) => [from, into])).toContainEqual(['in_blocks.0', 'out_blocks.3']);
  });

  it('have skips, and attend to the text in their own way', () => {
    expect(SKIPS).toEqual({ denoiser: 4, twin: 6 });
    expect(WORK.denoiser.crossAttention).toBe(0);
    expect(WORK.denoiser.selfAttention).toBe(9);
    expect(WORK.twin.crossAttention).toBe(WORK.twin.selfAttention);
    expect(ATTENTION.denoiser.shape).toEqual([3, 82, 82]);
    expect(ATTENTION.twin.shape).toEqual([4, 64, 16]);
  });

  it('cost the same work, but not the same weights', () => {
    const { denoiser, twin } = WORK;
    expect(Math.abs(twin.all / denoiser.all - 1)).toBeLessThan(0.02);
    expect(twin.parameters / denoiser.parameters).toBeGreaterThan(3.5);
    for (const work of [denoiser, twin]) {
      expect(work.convolutions + work.attention + work.rest).toBe(work.all);
      for (const part of [work.convolutions, work.attention, work.rest]) expect(part).toBeGreaterThan(0);
    }
    expect(twin.convolutions).toBeGreaterThan(twin.all / 2);
    expect(denoiser.convolutions).toBeLessThan(denoiser.all / 1000);
  });
});
