import { describe, expect, it } from 'vitest';
import { maskOn, printHeads, printMask, readHeads, readMask } from './masks.ts';

describe('masks in a link', () => {
  it('says nothing where nothing is out', () => {
    expect(printHeads(readHeads('', 36))).toBe('');
    expect(printMask({ grid: 14, out: readHeads('', 196) })).toBe('');
  });
  it('reads back what it wrote, for every head', () => {
    for (let k = 0; k < 36; k++) {
      const off = Array.from({ length: 36 }, (_, i) => i === k || i === 35);
      expect(readHeads(printHeads(off), 36)).toEqual(off);
    }
    const out = Array.from({ length: 49 }, (_, n) => n % 5 === 0);
    expect(readMask(printMask({ grid: 7, out }))).toEqual({ grid: 7, out });
  });
  it('ignores bits beyond the last head', () => {
    expect(readHeads('fff', 3)).toEqual([true, true, true]);
  });
  it('refuses what is no mask', () => {
    for (const text of ['', '14', '14-g', '0-f', '99-f', '2-ff', 'x-1'])
      expect(readMask(text)).toBeUndefined();
  });
  it('lies at the same place at another patch size', () => {
    const mask = readMask(printMask({ grid: 2, out: [false, true, false, false] }));
    expect(maskOn(mask, 4).flatMap((o, n) => (o ? [n] : []))).toEqual([2, 3, 6, 7]);
    expect(maskOn(mask, 2)).toEqual([false, true, false, false]);
    expect(maskOn(undefined, 2)).toEqual([false, false, false, false]);
    const fine = readMask(printMask({ grid: 14, out: Array.from({ length: 196 }, (_, n) => n >= 98) }));
    expect(maskOn(fine, 7).filter(Boolean)).toHaveLength(28);
  });
});
