import { CIVIDIS } from './cividis.ts';
import { mixed, rgbOf, type Rgb } from './lab.ts';

/** Which way values become colours: one end to the other, or both ways from zero. */
export type ScaleKind = 'sequential' | 'diverging';
export type Ground = 'light' | 'dark';
/** How distances between values are shown: as they are, or their powers of ten (signed for diverging scales). */
export type ScaleCurve = 'linear' | 'log';

/** 256 colours as canvas words (0xAABBGGRR on every machine a browser runs on), from the low end to the high. */
export type Lut = Uint32Array;
const STEPS = 256;

/** The colours of values that have none: not on either scale, and apart from one another in lightness too. */
export const NAN_COLOUR = '#d6258f';
export const INFINITY_COLOUR = '#00d5a0';

/** Blue, white, orange on white; on a dark ground the middle is the ground and the ends are bright. */
const DIVERGING: Readonly<Record<Ground, readonly string[]>> = {
  light: ['#08306b', '#2171b5', '#7ab6dc', '#ffffff', '#fdae6b', '#d95f0e', '#7f2704'],
  dark: ['#cfe8ff', '#62b0f0', '#2c6ca8', '#15171e', '#a85a1c', '#f59a4a', '#ffe3c2'],
};

const DIVERGING_AT: Readonly<Record<Ground, (t: number) => Rgb>> = {
  light: mixed(DIVERGING.light),
  dark: mixed(DIVERGING.dark),
};

/** Colour `t` ∈ [0, 1] of cividis; between two of its colours the one between them. */
function cividisAt(t: number): Rgb {
  const place = Math.min(1, Math.max(0, t)) * (STEPS - 1);
  const from = Math.min(STEPS - 2, Math.floor(place));
  const part = (entry: number, k: number) =>
    parseInt(CIVIDIS.slice(6 * entry + 2 * k, 6 * entry + 2 * k + 2), 16);
  const between = (k: number) =>
    Math.round(part(from, k) + (part(from + 1, k) - part(from, k)) * (place - from));
  return [between(0), between(1), between(2)];
}

const rgbAt = (kind: ScaleKind, ground: Ground, t: number): Rgb =>
  kind === 'sequential' ? cividisAt(t) : DIVERGING_AT[ground](t);

/** Colour `t` ∈ [0, 1] of a scale, as CSS text. Sequential is cividis (Nuñez, Anderton, Renslow 2018). */
export const colourAt = (kind: ScaleKind, ground: Ground, t: number): string =>
  `rgb(${rgbAt(kind, ground, t).join(', ')})`;

const wordOf = ([r, g, b]: Rgb): number => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** A colour, `#rrggbb` or `rgb(r, g, b)`, as a canvas word. */
export const word = (colour: string): number => wordOf(rgbOf(colour));

const luts = new Map<string, Lut>();

/** The 256 colours of a scale; made once. */
export function lutOf(kind: ScaleKind, ground: Ground): Lut {
  const key = `${kind} ${ground}`;
  let lut = luts.get(key);
  if (!lut) {
    lut = new Uint32Array(STEPS);
    for (let i = 0; i < STEPS; i++) lut[i] = wordOf(rgbAt(kind, ground, i / (STEPS - 1)));
    luts.set(key, lut);
  }
  return lut;
}

/** A CSS gradient of a scale, low end left, for a legend. */
export function gradientOf(kind: ScaleKind, ground: Ground, stops = 16): string {
  const colours = Array.from({ length: stops + 1 }, (_, i) => colourAt(kind, ground, i / stops));
  return `linear-gradient(90deg, ${colours.join(', ')})`;
}

/** A scale bound to a range of values. */
export interface ColourMap {
  readonly kind: ScaleKind;
  readonly curve: ScaleCurve;
  readonly low: number;
  readonly high: number;
  readonly ground: Ground;
}

/** The kind that suits a tensor: diverging if its values lie on both sides of zero, else sequential. */
export function kindFor(min: number, max: number): ScaleKind {
  return min < 0 && max > 0 ? 'diverging' : 'sequential';
}

/**
 * The range that is coloured. Diverging ranges are symmetric, so that zero is the middle; a tensor of one
 * value gets a range of width one around it, a tensor without finite values [0, 1].
 */
export function rangeFor(kind: ScaleKind, min: number, max: number): readonly [low: number, high: number] {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max)
    return kind === 'diverging' ? [-1, 1] : [0, 1];
  if (kind === 'diverging') {
    const most = Math.max(Math.abs(min), Math.abs(max)) || 1;
    return [-most, most];
  }
  return min === max ? [min - 0.5, max + 0.5] : [min, max];
}

/** Decades a logarithmic scale shows below its largest value. */
const DECADES = 4;

/** The lowest value that a logarithmic sequential scale tells apart; all below it share its colour. */
export function logFloor(low: number, high: number): number {
  return Math.max(low, high / 10 ** DECADES);
}

/** Whether a few large values leave a linear scale no colours for the rest, as attention's do. */
export function isPeaked(min: number, max: number, mean: number): boolean {
  return min >= 0 && max > 40 * mean;
}

/**
 * The place of a value on its scale, 0…1, clamped. A logarithmic sequential scale begins at
 * {@link logFloor}; on each side of a diverging one the middle is the largest value / 10⁴.
 */
export function position(map: ColourMap, v: number): number {
  const { low, high } = map;
  if (map.kind === 'diverging') {
    const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
    const size = Math.min(1, Math.abs(v) / most);
    const bent = map.curve === 'log' ? Math.max(0, 1 + Math.log10(size || 1e-30) / DECADES) : size;
    return 0.5 + (Math.sign(v) * bent) / 2;
  }
  if (map.curve === 'log' && high > 0) {
    const floor = logFloor(low, high);
    if (v <= floor || floor >= high) return v >= high ? 1 : 0;
    return Math.min(1, Math.log(v / floor) / Math.log(high / floor));
  }
  return Math.min(1, Math.max(0, (v - low) / (high - low)));
}

/**
 * Colours `count` values from `from` into canvas words. The linear sequential case, which large maps are,
 * is one multiplication and one look-up a value.
 */
export function paintInto(
  out: Uint32Array,
  at: number,
  data: Float32Array,
  from: number,
  count: number,
  map: ColourMap,
): void {
  const lut = lutOf(map.kind, map.ground);
  const nan = word(NAN_COLOUR);
  const infinite = word(INFINITY_COLOUR);
  const top = STEPS - 1;
  if (map.curve === 'linear') {
    const most = Math.max(Math.abs(map.low), Math.abs(map.high)) || 1;
    const low = map.kind === 'diverging' ? -most : map.low;
    const scale = top / ((map.kind === 'diverging' ? most : map.high) - low);
    for (let i = 0; i < count; i++) {
      const place = (data[from + i]! - low) * scale;
      // NaN and the infinities fail the second test
      if (place >= 0 && place <= top) out[at + i] = lut[(place + 0.5) | 0]!;
      else
        out[at + i] = Number.isFinite(place)
          ? lut[place < 0 ? 0 : top]!
          : Number.isNaN(data[from + i]!)
            ? nan
            : infinite;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    const v = data[from + i]!;
    out[at + i] = Number.isFinite(v)
      ? lut[Math.round(position(map, v) * top)]!
      : Number.isNaN(v)
        ? nan
        : infinite;
  }
}
