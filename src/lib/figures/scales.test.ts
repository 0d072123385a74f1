import { rgb } from 'd3-color';
import { interpolateLab, piecewise } from 'd3-interpolate';
import { interpolateCividis } from 'd3-scale-chromatic';
import { describe, expect, it } from 'vitest';
import {
  INFINITY_COLOUR,
  NAN_COLOUR,
  colourAt,
  isPeaked,
  kindFor,
  logFloor,
  lutOf,
  paintInto,
  position,
  rangeFor,
  word,
  type ColourMap,
  type Ground,
} from './scales.ts';

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const { r, g, b } = rgb(colour);
  const [x, y, z] = [r, g, b].map((v) => {
    const s = v / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x! + 0.7152 * y! + 0.0722 * z!;
}
const map = (m: Partial<ColourMap>): ColourMap => ({
  kind: 'sequential',
  curve: 'linear',
  low: 0,
  high: 1,
  ground: 'light',
  ...m,
});

describe('colours', () => {
  it('grow lighter all along the sequential scale, so that it reads without hue', () => {
    for (let i = 1; i <= 16; i++) {
      expect(luminance(colourAt('sequential', 'light', i / 16))).toBeGreaterThan(
        luminance(colourAt('sequential', 'light', (i - 1) / 16)),
      );
    }
  });

  it('are those of cividis, and between the diverging stops those of L*a*b*', () => {
    const stops = {
      light: ['#08306b', '#2171b5', '#7ab6dc', '#ffffff', '#fdae6b', '#d95f0e', '#7f2704'],
      dark: ['#cfe8ff', '#62b0f0', '#2c6ca8', '#15171e', '#a85a1c', '#f59a4a', '#ffe3c2'],
    };
    const off = (a: string, b: string) => {
      const [p, q] = [rgb(a), rgb(b)];
      return Math.max(Math.abs(p.r - q.r), Math.abs(p.g - q.g), Math.abs(p.b - q.b));
    };
    for (let i = 0; i < 256; i++)
      expect(colourAt('sequential', 'light', i / 255)).toBe(interpolateCividis(i / 255));
    for (let i = 0; i <= 1000; i++) {
      expect(off(colourAt('sequential', 'dark', i / 1000), interpolateCividis(i / 1000))).toBeLessThanOrEqual(
        1,
      );
      for (const ground of ['light', 'dark'] as Ground[]) {
        const right = rgb(piecewise(interpolateLab, stops[ground])(i / 1000));
        const text = `rgb(${Math.round(right.r)}, ${Math.round(right.g)}, ${Math.round(right.b)})`;
        expect(off(colourAt('diverging', ground, i / 1000), text)).toBeLessThan(1);
      }
    }
  });

  it('leave the middle monotonically on both sides of the diverging scale', () => {
    for (const ground of ['light', 'dark'] as Ground[]) {
      const away = ground === 'light' ? -1 : 1;
      for (let i = 1; i <= 8; i++) {
        for (const side of [-1, 1]) {
          const near = luminance(colourAt('diverging', ground, 0.5 + (side * (i - 1)) / 16));
          const far = luminance(colourAt('diverging', ground, 0.5 + (side * i) / 16));
          expect((far - near) * away).toBeGreaterThan(0);
        }
      }
    }
    expect(rgb(colourAt('diverging', 'light', 0.5)).formatHex()).toBe('#ffffff');
  });

  it('of NaN and Infinity are on no scale', () => {
    for (const kind of ['sequential', 'diverging'] as const) {
      for (const ground of ['light', 'dark'] as Ground[]) {
        const lut = [...lutOf(kind, ground)];
        for (const mark of [NAN_COLOUR, INFINITY_COLOUR]) {
          const m = rgb(mark);
          const nearest = Math.min(
            ...lut.map((w) => Math.hypot((w & 255) - m.r, ((w >> 8) & 255) - m.g, ((w >> 16) & 255) - m.b)),
          );
          expect(nearest).toBeGreaterThan(60);
        }
      }
    }
  });
});

describe('ranges', () => {
  it('suit the values', () => {
    expect(kindFor(-1, 2)).toBe('diverging');
    expect(kindFor(0, 2)).toBe('sequential');
    expect(rangeFor('diverging', -1, 3)).toEqual([-3, 3]);
    expect(rangeFor('sequential', 2, 5)).toEqual([2, 5]);
    expect(rangeFor('sequential', 2, 2)).toEqual([1.5, 2.5]);
    expect(rangeFor('diverging', 0, 0)).toEqual([-1, 1]);
    expect(rangeFor('sequential', NaN, NaN)).toEqual([0, 1]);
  });
});

describe('position', () => {
  it('is linear and clamped', () => {
    expect(position(map({ low: 2, high: 4 }), 3)).toBe(0.5);
    expect(position(map({}), 7)).toBe(1);
    expect(position(map({ kind: 'diverging', low: -2, high: 2 }), -1)).toBe(0.25);
  });
  it('counts decades on a logarithmic scale', () => {
    expect(position(map({ curve: 'log', low: 0.01, high: 1 }), 0.1)).toBeCloseTo(0.5);
    expect(position(map({ curve: 'log', low: 0, high: 1 }), 1e-2)).toBeCloseTo(0.5);
    expect(position(map({ curve: 'log', low: 1e-9, high: 1 }), 1e-5)).toBe(0);
    expect(logFloor(1e-9, 1)).toBe(1e-4);
    expect(logFloor(0.01, 1)).toBe(0.01);
    expect(position(map({ curve: 'log', low: 0, high: 1 }), 0)).toBe(0);
    const both = map({ kind: 'diverging', curve: 'log', low: -1, high: 1 });
    expect(position(both, 0)).toBe(0.5);
    expect(position(both, -1e-2)).toBeCloseTo(0.25);
    expect(position(both, 1)).toBe(1);
  });
});

describe('isPeaked', () => {
  it('tells attention from activations', () => {
    expect(isPeaked(2e-9, 0.857, 1 / 197)).toBe(true);
    expect(isPeaked(0, 0.02, 1 / 197)).toBe(false);
    expect(isPeaked(-3, 900, 0.1)).toBe(false);
  });
});

describe('paintInto', () => {
  it('gives each value the colour of its position, and marks what has none', () => {
    const data = new Float32Array([0, 0.5, 1, 2, -1, NaN, Infinity, -Infinity]);
    const lut = lutOf('sequential', 'light');
    for (const curve of ['linear', 'log'] as const) {
      const out = new Uint32Array(8);
      const m = map({ curve });
      paintInto(out, 0, data, 0, 8, m);
      const want = [...data.subarray(0, 5)].map((v) => lut[Math.round(position(m, v) * 255)]);
      expect([...out.subarray(0, 5)]).toEqual(want);
      expect([...out.subarray(5)]).toEqual([word(NAN_COLOUR), word(INFINITY_COLOUR), word(INFINITY_COLOUR)]);
    }
  });
  it('puts zero on the middle of a diverging scale', () => {
    const out = new Uint32Array(1);
    paintInto(out, 0, new Float32Array([0]), 0, 1, map({ kind: 'diverging', low: -3, high: 3 }));
    expect(out[0]).toBe(lutOf('diverging', 'light')[128]);
  });
  it('keeps huge ranges finite', () => {
    const out = new Uint32Array(2);
    paintInto(
      out,
      0,
      new Float32Array([3e38, -3e38]),
      0,
      2,
      map({ kind: 'diverging', low: -3e38, high: 3e38 }),
    );
    const lut = lutOf('diverging', 'light');
    expect([...out]).toEqual([lut[255], lut[0]]);
  });
});
