/** A colour in sRGB, each of the three 0…255, not necessarily whole. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** `#rrggbb` or `rgb(r, g, b)`. @throws Error for any other text */
export function rgbOf(colour: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  const parts = hex ?? /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour);
  if (!parts) throw new Error(`${colour} is no colour that is understood here`);
  const [red, green, blue] = parts.slice(1).map((part) => parseInt(part, hex ? 16 : 10));
  return [red!, green!, blue!];
}

// CIE L*a*b* with the white point D50, and sRGB's primaries adapted to it (IEC 61966-2-1, CSS Color 4).
const WHITE: Rgb = [0.96422, 1, 0.82521];
const TO_XYZ: readonly Rgb[] = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
];
const FROM_XYZ: readonly Rgb[] = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
];
const EDGE = 6 / 29;

const each = (of: Rgb, f: (v: number, i: number) => number): Rgb => [f(of[0], 0), f(of[1], 1), f(of[2], 2)];
const times = (matrix: readonly Rgb[], v: Rgb): Rgb =>
  each([0, 1, 2], (row) => matrix[row]!.reduce((sum, cell, k) => sum + cell * v[k]!, 0));

const linear = (v: number) => (v <= 10.31475 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
const companded = (v: number) => 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
const bent = (v: number) => (v > EDGE ** 3 ? Math.cbrt(v) : v / (3 * EDGE ** 2) + 4 / 29);
const straight = (v: number) => (v > EDGE ? v ** 3 : 3 * EDGE ** 2 * (v - 4 / 29));

/** f(X), f(Y) and f(Z): L*, a* and b* are linear in them, so what is mixed in them is mixed in L*a*b*. */
const toBent = (colour: Rgb): Rgb => each(times(TO_XYZ, each(colour, linear)), (v, i) => bent(v / WHITE[i]!));
const fromBent = (v: Rgb): Rgb =>
  each(
    times(
      FROM_XYZ,
      each(v, (x, i) => straight(x) * WHITE[i]!),
    ),
    companded,
  );

/**
 * Colour `t` ∈ [0, 1] of a row of colours at equal distances, each two mixed in L*a*b*, where equal steps look equal.
 * @param colours at least two, as `rgbOf` takes them
 */
export function mixed(colours: readonly string[]): (t: number) => Rgb {
  const stops = colours.map((colour) => toBent(rgbOf(colour)));
  return (t) => {
    const place = Math.min(1, Math.max(0, t)) * (stops.length - 1);
    const from = Math.min(stops.length - 2, Math.floor(place));
    const [a, b] = [stops[from]!, stops[from + 1]!];
    return each(fromBent(each(a, (v, i) => v + (b[i]! - v) * (place - from))), (v) =>
      Math.min(255, Math.max(0, Math.round(v))),
    );
  };
}
