import { describe, expect, it } from 'vitest';
import { colourAt, word, type ColourMap } from '../scales.ts';
import { coloursFor, tilesFor, type AtlasWish } from './atlas.ts';
import { gridLayout, placeAt, placeByKey, placeOf } from './layout.ts';
import { Extent, mapsAtATime, paintMap, type SmallMap } from './paint.ts';
import { mapInWords } from './words.ts';

const layout = (wish: Partial<Parameters<typeof gridLayout>[0]> = {}) =>
  gridLayout({
    ...{
      count: 36,
      columns: 6,
      room: 380,
      most: 120,
      aspect: 1,
      left: 0,
      top: 0,
      line: 14,
      gap: 6,
      group: 0,
    },
    ...wish,
  });
const small = (values: ArrayLike<number>, rows = 1, cols = values.length): SmallMap => ({
  id: 'a',
  label: 'a',
  values,
  rows,
  cols,
});
const linear: ColourMap = { kind: 'sequential', curve: 'linear', low: 0, high: 1, ground: 'light' };

describe('the layout of small maps', () => {
  it('fills the room and never leaves it', () => {
    for (const room of [120, 333, 380, 700])
      for (const group of [0, 3])
        for (const left of [0, 31]) {
          const l = layout({ room, group, left });
          expect(l.totalWidth).toBeLessThanOrEqual(room);
          expect(room - l.totalWidth).toBeLessThan(l.columns);
        }
    expect(layout({ most: 40 }).width).toBe(40);
    expect(layout({ aspect: 0.5 }).height).toBe(Math.round(layout().width / 2));
  });
  it('finds each map where it puts it, and none beside them', () => {
    for (const group of [0, 3]) {
      const l = layout({ group, left: 20, top: 18 });
      for (let k = 0; k < 36; k++) {
        const { x, y } = placeOf(l, k);
        expect(placeAt(l, x + 1, y + 1, 36)).toBe(k);
        expect(placeAt(l, x + l.width - 1, y + l.height - 1, 36)).toBe(k);
      }
      expect(placeAt(l, 4, 40, 36)).toBe(-1);
      expect(placeAt(l, 40, 4, 36)).toBe(-1);
      expect(placeAt(l, 40, l.totalHeight + 8, 36)).toBe(-1);
    }
    const ragged = layout({ count: 8 });
    const { x, y } = placeOf(ragged, 8);
    expect(placeAt(ragged, x + 1, y + 1, 8)).toBe(-1);
  });
  it('goes from map to map with the keys and stays inside', () => {
    const l = layout({ count: 8 });
    expect(placeByKey(l, 'ArrowRight', 0, 8)).toBe(1);
    expect(placeByKey(l, 'ArrowLeft', 0, 8)).toBe(0);
    expect(placeByKey(l, 'ArrowDown', 1, 8)).toBe(7);
    expect(placeByKey(l, 'ArrowDown', 2, 8)).toBe(2);
    expect(placeByKey(l, 'ArrowUp', 7, 8)).toBe(1);
    expect(placeByKey(l, 'End', 0, 8)).toBe(7);
    expect(placeByKey(l, 'x', 0, 8)).toBeUndefined();
  });
});

describe('the painting of small maps', () => {
  it('has one range for all: the least and the largest finite value', () => {
    const extent = new Extent();
    extent.add([0.25, NaN, 0.5]);
    extent.add([0.75, Infinity]);
    expect(extent.range('auto')).toEqual({ kind: 'sequential', range: [0.25, 0.75] });
    extent.add([-1]);
    expect(extent.range('auto')).toEqual({ kind: 'diverging', range: [-1, 1] });
    expect(new Extent().range('auto')).toEqual({ kind: 'sequential', range: [0, 1] });
  });
  it('paints equal values of two maps alike, from plain and typed arrays', () => {
    const a = new Uint32Array(2);
    const b = new Uint32Array(2);
    paintMap(a, small([0.5, 1]), linear);
    paintMap(b, small(Float32Array.from([1, 0.5])), linear);
    expect([a[0], a[1]]).toEqual([b[1], b[0]]);
    expect(a[1]).toBe(word(colourAt('sequential', 'light', 1)));
  });
  it('paints colours as they are, clamped', () => {
    const out = new Uint32Array(2);
    paintMap(out, small([1, 0, 0.5, -1, 2, 0], 1, 2), 'rgb');
    expect([...out]).toEqual([word('rgb(255, 0, 128)'), word('rgb(0, 255, 0)')]);
  });
  it('leaves a map out whose values do not fill it', () => {
    const out = new Uint32Array(4);
    paintMap(out, small([1, 1, 1], 2, 2), linear);
    paintMap(out, small([1, 1, 1, 1], 2, 2), 'rgb');
    expect([...out]).toEqual([0, 0, 0, 0]);
  });
  it('takes large maps one at a time', () => {
    expect(mapsAtATime([small(new Float32Array(197 * 197), 197, 197)])).toBe(1);
    expect(mapsAtATime([small(new Float32Array(196), 14, 14)])).toBeGreaterThan(36);
  });
});

describe('the atlas of small maps', () => {
  const wish: AtlasWish = {
    tile: 4,
    rgb: false,
    scale: 'auto',
    curve: 'linear',
    range: undefined,
    ground: 'light',
  };
  const extentOf = (...values: number[]) => {
    const extent = new Extent();
    extent.add(values);
    return extent;
  };

  it('takes its scale from the values, or from the range it is given', () => {
    expect(coloursFor(extentOf(0, 3), wish)).toEqual({
      colours: { kind: 'sequential', curve: 'linear', low: 0, high: 3, ground: 'light' },
      clipped: false,
    });
    expect(coloursFor(extentOf(0, 3), { ...wish, range: [0, 1] })).toMatchObject({
      colours: { low: 0, high: 1 },
      clipped: true,
    });
    expect(coloursFor(extentOf(0, 1 + 1e-6), { ...wish, range: [0, 1] }).clipped).toBe(false);
    expect(coloursFor(new Extent(), { ...wish, rgb: true }).colours).toBe('rgb');
  });

  it('lays its tiles in a square', () => {
    const maps = [small([1, 2, 3, 4, 5, 6, 7, 8], 1), small([1, 2, 3, 4], 2, 2), small([1])];
    expect(tilesFor(maps, 8)).toEqual({ width: 8, height: 2, across: 2, scale: 1 });
    expect(tilesFor(maps, 4)).toEqual({ width: 4, height: 1, across: 2, scale: 0.5 });
    expect(tilesFor([], 1)).toEqual({ width: 1, height: 1, across: 1, scale: 1 });
  });
});

describe('a map in words', () => {
  const map = { ...small([0, 0.25, 0.5, 0.75], 2, 2), title: 'head 1', note: '3' };
  it('names the map, and the cell with its value', () => {
    expect(mapInWords(map, -1, false, 'en')).toBe('head 1 · 3');
    expect(mapInWords(map, 3, false, 'en')).toBe('head 1 · 3 · row 1, column 1: 0.75');
    expect(mapInWords(map, 1, false, 'zh')).toBe('head 1 · 3 · 第 0 行，第 1 列：0.25');
    expect(mapInWords(map, 4, false, 'en')).toBe('head 1 · 3');
    expect(mapInWords(small([0.5, 0.25, 1]), 0, true, 'en')).toBe('a · 0: 0.50, 0.25, 1.00');
  });
});
