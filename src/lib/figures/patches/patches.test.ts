import { describe, expect, it } from 'vitest';
import { flattenIndex } from '#lib/images/patches.ts';
import { flown, rowsImage, tableImage, TINTS } from './flight.ts';
import { patchAt, patchByKey, patchLayout } from './layout.ts';

describe('patchLayout', () => {
  it('covers the picture when whole and the canvas when apart', () => {
    const whole = patchLayout(224, 16, 0, 448);
    expect(whole).toMatchObject({ side: 14, count: 196, used: 224, pitch: 32, cell: 32 });
    const apart = patchLayout(224, 16, 1, 448);
    expect(apart.pitch * 13 + apart.cell).toBeCloseTo(448);
    expect(apart.cell).toBeLessThan(apart.pitch);
  });
  it('leaves the remainder to no patch', () => {
    const layout = patchLayout(224, 30, 0, 224);
    expect(layout).toMatchObject({ side: 7, used: 210 });
    expect(patchAt(layout, 209, 209)).toBe(48);
    expect(patchAt(layout, 212, 3)).toBe(-1);
    expect(patchLayout(224, 240, 0, 224).count).toBe(0);
  });
  it('moves the cursor by keys and stops at the border', () => {
    expect(patchByKey('ArrowRight', 13, 14)).toBe(13);
    expect(patchByKey('ArrowDown', 13, 14)).toBe(27);
    expect(patchByKey('Home', 20, 14)).toBe(14);
    expect(patchByKey('PageDown', 3, 14)).toBe(13 * 14 + 3);
    expect(patchByKey('a', 0, 14)).toBeUndefined();
  });
});

describe('flattening', () => {
  it('paints one line a patch', () => {
    const data = new Uint8ClampedArray(4 * 4 * 4).fill(255);
    data[(2 * 4 + 1) * 4 + 1] = 0; // green of pixel (2, 1): patch 2, row 0, column 1
    const table = tableImage({ width: 4, height: 4, data }, 2, 'crc');
    expect([table.width, table.height]).toEqual([12, 4]);
    const at = (2 * 12 + flattenIndex(0, 1, 1, 2, 'crc')) * 4;
    expect([...table.data.subarray(at, at + 4)]).toEqual([0, 0, 0, 255]);
    expect([...table.data.subarray(at - 4, at - 1)]).toEqual([...TINTS[1]]);
  });
  it('shows merged values as their colour, at any width, and lone channels in their tint', () => {
    const data = new Uint8ClampedArray(16 * 16 * 4);
    for (let i = 0; i < 256; i++) data.set([200, 100, 50, 255], i * 4);
    const picture = { width: 16, height: 16, data };
    for (const width of [500, 300, 236, 100, 1]) {
      const rows = rowsImage(picture, 16, 'rcc', width);
      expect(rows.height).toBe(1);
      for (let x = 0; x < rows.width; x++)
        expect([...rows.data.subarray(x * 4, x * 4 + 3)]).toEqual([200, 100, 50]);
    }
    const planes = rowsImage(picture, 16, 'crc', 300);
    expect(planes.width).toBe(300);
    const red = TINTS[0].map((v) => Math.round((v * 200) / 255));
    expect([...planes.data.subarray(0, 3)]).toEqual(red);
    const wide = rowsImage(picture, 16, 'rcc', 10_000);
    expect(wide.width).toBe(768);
    expect([...wide.data.subarray(0, 3)]).toEqual(red);
  });
  it('starts and ends every patch', () => {
    for (const n of [0, 100, 195]) {
      expect(flown(0, n, 196)).toBe(0);
      expect(flown(1, n, 196)).toBe(1);
    }
    expect(flown(0.3, 0, 196)).toBeGreaterThan(flown(0.3, 195, 196));
  });
});
