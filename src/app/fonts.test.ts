import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CORE, FACES, OUT, coreOf } from '../../scripts/fonts/core.js';

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

describe.each(FACES)('$core', ({ core, latin }) => {
  it('is what scripts/fonts.js makes', async () => {
    expect((await coreOf({ latin })).equals(readFileSync(join(OUT, core)))).toBe(true);
  });

  it('is asked for its own characters, the package’s file for all others', () => {
    const mine = face(core);
    const rest = face(latin.split('/').at(-1)!);
    const whole = (
      JSON.parse(
        readFileSync(join('node_modules/@fontsource-variable', latin, '../../unicode.json'), 'utf8'),
      ) as { latin: string }
    ).latin;
    expect(sorted(shaped(mine.range))).toEqual(sorted([...CORE].map((c) => c.codePointAt(0)!)));
    // Files of one face must state the same weights, or the browser chooses between them by weight.
    expect(mine.weight).toBe(rest.weight);
    // Accents that combine are left to the face that has their letter. The arrows are asked for too: Inter has them.
    const elsewhere = new Set([0x304, 0x308, 0x329, 0xfeff, 0xfffd]);
    const expected = codes(whole).filter((code) => !elsewhere.has(code));
    expect(sorted([...mine.range, ...rest.range])).toEqual(sorted([...expected, 0x2190, 0x2192]));
  });
});
