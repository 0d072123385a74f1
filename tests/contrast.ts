/** A colour as red, green, blue, 0 … 255. */
export type Colour = readonly [number, number, number];

/** Custom properties of `tokens.css`, given as its text, that are plain colours in one of the two themes. */
export function coloursOf(css: string, theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const dark = css.indexOf("[data-theme='dark']");
  const read = (text: string) =>
    [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name!, hex!] as const);
  return new Map([...read(css.slice(0, dark)), ...(theme === 'dark' ? read(css.slice(dark)) : [])]);
}

/** Of `#rrggbb`. */
export const rgb = (hex: string): Colour => {
  const at = (i: number) => parseInt(hex.slice(i, i + 2), 16);
  return [at(1), at(3), at(5)];
};

/** `part` of the one, 0 … 1, and the rest of the other, as `color-mix(in srgb, …)` has it. */
export const mix = (a: Colour, b: Colour, part: number): Colour => {
  const at = (i: 0 | 1 | 2) => a[i] * part + b[i] * (1 - part);
  return [at(0), at(1), at(2)];
};

const linear = (v: number) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]: Colour) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

/** Contrast of two colours, 1 … 21 (WCAG 2.2). */
export const contrast = (a: Colour, b: Colour): number => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};
