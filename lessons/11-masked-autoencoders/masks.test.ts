import { describe, expect, it } from 'vitest';
import { maskingFrom, maskingOf, printMask, readMask } from './masks.ts';

const KINDS = ['random', 'block', 'grid'] as const;

describe('maskings', () => {
  it.each(KINDS)(
    '%s: hides as many patches as asked, from none to all, and lists each patch once',
    (kind) => {
      for (const ratio of [0, 0.25, 0.5, 0.75, 0.9, 1])
        for (const seed of [0, 1, 77, 9999]) {
          const { order, visible, hidden } = maskingOf(kind, { ratio, seed, side: 12 });
          expect(hidden.filter(Boolean)).toHaveLength(Math.round(ratio * 144));
          expect(visible).toBe(144 - Math.round(ratio * 144));
          expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 144 }, (_, i) => i));
          expect(order.map((n) => hidden[n])).toEqual(order.map((_, i) => i >= visible));
        }
    },
  );
  it.each(KINDS)('%s: with more hidden, what was hidden stays hidden', (kind) => {
    const few = maskingOf(kind, { ratio: 0.4, seed: 3, side: 12 });
    const many = maskingOf(kind, { ratio: 0.7, seed: 3, side: 12 });
    few.hidden.forEach((h, n) => h && expect(many.hidden[n]).toBe(true));
  });
  it('a random one shuffles what the encoder gets; the others leave it as it lies', () => {
    const { order, visible } = maskingOf('random', { ratio: 0.5, seed: 1, side: 8 });
    const seen = order.slice(0, visible);
    expect(seen).not.toEqual([...seen].sort((a, b) => a - b));
    const grid = maskingOf('grid', { ratio: 0.5, seed: 1, side: 8 });
    expect(grid.order.slice(0, 32)).toEqual([...grid.order.slice(0, 32)].sort((a, b) => a - b));
  });
  it('a grid leaves one patch of every 2 × 2 at three quarters, and a chessboard at a half', () => {
    for (const seed of [0, 9, 26]) {
      const { hidden } = maskingOf('grid', { ratio: 0.75, seed, side: 12 });
      for (let r = 0; r < 12; r += 2)
        for (let c = 0; c < 12; c += 2) {
          const four = [0, 1, 12, 13].filter((by) => !hidden[r * 12 + c + by]);
          expect(four).toHaveLength(1);
        }
    }
    const half = maskingOf('grid', { ratio: 0.5, seed: 0, side: 12 }).hidden;
    half.forEach((h, n) => n % 12 < 11 && expect(h).not.toBe(half[n + 1]));
  });
  it('blocks hide patches beside hidden ones far more often than chance does', () => {
    const beside = (kind: 'random' | 'block') => {
      const { hidden } = maskingOf(kind, { ratio: 0.5, seed: 5, side: 12 });
      return hidden.filter((h, n) => n % 12 < 11 && h === hidden[n + 1]).length / 132;
    };
    expect(beside('block')).toBeGreaterThan(0.8);
    expect(beside('random')).toBeLessThan(0.65);
  });
});

describe('a painted mask', () => {
  it('is read as it was printed, and refused for another number of patches', () => {
    const { hidden } = maskingFrom(new Set([0, 5, 143]), 12);
    const printed = printMask(hidden);
    expect(printed).toHaveLength(36);
    expect([...readMask(printed, 144)!]).toEqual([0, 5, 143]);
    expect(readMask(printed, 196)).toBeUndefined();
    expect(readMask('none', 144)).toBeUndefined();
  });
});
