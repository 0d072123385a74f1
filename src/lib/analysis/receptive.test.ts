import { describe, expect, it } from 'vitest';
import { layersToSee, receptiveField, stackOf3x3, type ConvLayer } from './receptive.ts';

/** Input cells that output cell 0 of a one-dimensional stack reads, found by following every connection. */
function reached(layers: readonly ConvLayer[]): number {
  let cells = new Set([0]);
  for (const { kernel, stride } of [...layers].reverse()) {
    const half = (kernel - 1) / 2;
    cells = new Set(
      [...cells].flatMap((c) => Array.from({ length: kernel }, (_, i) => c * stride + i - half)),
    );
  }
  return Math.max(...cells) - Math.min(...cells) + 1;
}

describe('receptive field', () => {
  it.each([0, 1, 2, 3, 5])('equals what following every connection finds, stride 2 every %i', (every) => {
    for (let count = 0; count <= 9; count++) {
      const layers = stackOf3x3(count, every);
      expect(receptiveField(layers)).toBe(reached(layers));
    }
  });

  it('knows other kernels', () => {
    const layers = [
      { kernel: 7, stride: 2 },
      { kernel: 3, stride: 2 },
      { kernel: 5, stride: 1 },
    ];
    expect(receptiveField(layers)).toBe(reached(layers));
  });

  it('grows by two a layer at stride 1', () => {
    expect([1, 2, 10].map((n) => receptiveField(stackOf3x3(n)))).toEqual([3, 5, 21]);
    expect(layersToSee(224)).toBe(112);
    expect(receptiveField(stackOf3x3(layersToSee(224, 2), 2))).toBeGreaterThanOrEqual(224);
    expect(receptiveField(stackOf3x3(layersToSee(224, 2) - 1, 2))).toBeLessThan(224);
  });
});
