import { describe, expect, it } from 'vitest';
import { flattenIndex, flattenPatch, patchGeometry, unflattenIndex } from './patches.ts';
import { preprocess } from './preprocess.ts';

describe('patchGeometry', () => {
  it('counts patches and what is left over', () => {
    expect(patchGeometry(224, 16)).toEqual({ rows: 14, cols: 14, count: 196, used: 224, remainder: 0 });
    expect(patchGeometry(224, 8).count).toBe(784);
    expect(patchGeometry(224, 30)).toEqual({ rows: 7, cols: 7, count: 49, used: 210, remainder: 14 });
    expect(patchGeometry(224, 224).count).toBe(1);
  });
  it('refuses what is no patch size', () => {
    for (const patch of [0, -1, 225, 1.5, NaN]) expect(() => patchGeometry(224, patch)).toThrow(RangeError);
  });
});

describe('flattenPatch', () => {
  // Pixel (x, y) of a 4 × 4 picture holds red 10y + x, green 100 + that, blue 200 + that.
  const data = new Uint8ClampedArray(64);
  for (let i = 0; i < 16; i++) {
    const red = Math.floor(i / 4) * 10 + (i % 4);
    data.set([red, 100 + red, 200 + red, 255], i * 4);
  }
  const picture = { width: 4, height: 4, data };

  it('writes channel, row, column or row, column, channel', () => {
    expect([...flattenPatch(picture, 1, 0, 2, 'crc')]).toEqual([
      20, 21, 30, 31, 120, 121, 130, 131, 220, 221, 230, 231,
    ]);
    expect([...flattenPatch(picture, 1, 0, 2, 'rcc')]).toEqual([
      20, 120, 220, 21, 121, 221, 30, 130, 230, 31, 131, 231,
    ]);
  });

  it('reads a model input the same way', () => {
    const x = preprocess(picture, {
      size: 4,
      fit: 'squash',
      interpolation: 'bilinear',
      antialias: true,
      mean: [0, 0, 0],
      std: [1 / 255, 1 / 255, 1 / 255],
    });
    const row = flattenPatch({ size: 4, data: x }, 0, 1, 2, 'crc');
    expect([...row].map(Math.round)).toEqual([...flattenPatch(picture, 0, 1, 2, 'crc')]);
  });

  it('refuses a patch over the edge', () => {
    expect(() => flattenPatch(picture, 2, 0, 2, 'crc')).toThrow(RangeError);
    expect(() => flattenPatch(picture, 0, -1, 2, 'crc')).toThrow(RangeError);
  });

  it('has an index that can be undone', () => {
    for (const order of ['crc', 'rcc'] as const) {
      for (let i = 0; i < 27; i++) {
        const { row, col, channel } = unflattenIndex(i, 3, order);
        expect(flattenIndex(row, col, channel, 3, order)).toBe(i);
      }
    }
  });
});
