import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRange } from '#lib/still/fonts.ts';
import { CORES, FACES, OUT } from '../../scripts/fonts/core.js';
import { FORMULA_FACES, withCores } from '../../scripts/fonts/katex.js';

/** The characters of a `unicode-range`. */
function codes(range: string): number[] {
  return range.split(',').flatMap((part) => {
    const [first = '', last = first] = part.trim().replace('U+', '').split('-');
    const [a, b] = [parseInt(first, 16), parseInt(last, 16)];
    return Array.from({ length: b - a + 1 }, (_, i) => a + i);
  });
}

const css = readFileSync('src/app/fonts.css', 'utf8');
/** The rule whose file's name ends so. */
function face(file: string): { range: number[]; weight: string } {
  const rule = [...css.matchAll(/@font-face \{[^}]*\}/g)].find(([text]) => text.includes(`/${file}'`))?.[0];
  const property = (name: string) => new RegExp(`${name}:([^;]*);`).exec(rule ?? '')?.[1]?.trim() ?? '';
  return { range: codes(property('unicode-range')), weight: property('font-weight') };
}
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
/** Control characters have no shape: they are the core's, so that they fetch nothing. */
const shaped = (range: readonly number[]) => range.filter((code) => code >= 0x20);

describe.each(CORES)('$core', ({ core, make }) => {
  it('is what scripts/fonts.js makes', async () => {
    expect((await make()).equals(readFileSync(join(OUT, core)))).toBe(true);
  });
});

describe.each(FACES.filter(({ script }) => script !== 'greek-ext'))(
  '$core',
  ({ core, from, script, signs }) => {
    it('is asked for its own characters, the package’s file for all others', () => {
      const mine = face(core);
      const rest = face(from.split('/').at(-1)!);
      const whole = (
        JSON.parse(
          readFileSync(join('node_modules/@fontsource-variable', from, '../../unicode.json'), 'utf8'),
        ) as Record<string, string>
      )[script]!;
      expect(sorted(shaped(mine.range))).toEqual(sorted([...signs].map((c) => c.codePointAt(0)!)));
      // Files of one face must state the same weights, or the browser chooses between them by weight.
      expect(mine.weight).toBe(rest.weight);
      // Accents that combine are left to the face that has their letter. The arrows are asked for too: Inter has them.
      const elsewhere = new Set([0x304, 0x308, 0x329, 0xfeff, 0xfffd]);
      const expected = codes(whole).filter((code) => !elsewhere.has(code));
      const arrows = script === 'latin' ? [0x2190, 0x2192] : [];
      expect(sorted([...mine.range, ...rest.range])).toEqual(sorted([...expected, ...arrows]));
    });
  },
);

describe('the faces of formulas', () => {
  const rules = [
    ...withCores(readFileSync('node_modules/katex/dist/katex.min.css', 'utf8'), '/cores/').matchAll(
      /@font-face\{[^}]*\}/g,
    ),
  ].map(([rule]) => rule);
  const rangeOf = (rule: string) => /unicode-range:([^;}]*)/.exec(rule)?.[1] ?? '';
  const size = (rule: string) =>
    rangeOf(rule)
      .split(',')
      .map((part) => part.replace('U+', '').split('-'))
      .reduce((sum, [a = '', b = a]) => sum + parseInt(b, 16) - parseInt(a, 16) + 1, 0);

  it.each(FORMULA_FACES)(
    '$file: its signs are the core’s, every other the whole file’s',
    ({ file, core, signs }) => {
      const mine = rules.filter((rule) => rule.includes(`/${core}`));
      const rest = rules.filter((rule) => rule.includes(`/${file}.woff2`));
      expect([mine.length, rest.length]).toEqual([1, 1]);
      expect(sorted(codes(rangeOf(mine[0]!)))).toEqual(sorted([...signs].map((c) => c.codePointAt(0)!)));
      // No code in both, and together all that there are.
      expect([...signs].filter((sign) => inRange(rangeOf(rest[0]!), sign.codePointAt(0)!))).toEqual([]);
      expect(size(mine[0]!) + size(rest[0]!)).toBe(0x110000);
      const looks = (rule: string) => rule.replace(/src:[^}]*/, '');
      expect(looks(mine[0]!)).toBe(looks(rest[0]!));
    },
  );

  it('are no others, and none in an older format', () => {
    expect(rules.every((rule) => rule.includes('.woff2'))).toBe(true);
    expect(rules.some((rule) => /\.woff\b|\.ttf/.test(rule))).toBe(false);
  });
});
