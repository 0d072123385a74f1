import { describe, expect, test } from 'vitest';
import { LANGS } from '#lib/base/lang.ts';
import { lessons } from '#lib/notebook/catalogue.ts';
import { readBook } from './language/book.ts';
import { FIRST } from './scratch/first.ts';
import { SIX_STEPS } from './scratch/six-steps.ts';

const faults = (codes: readonly string[]) =>
  readBook(
    codes.map((code, i) => ({ id: String(i), code })),
    undefined,
  ).flatMap(({ id, fault }) => (fault ? [`${id}: ${fault.text.en}`] : []));

describe('cells that stand on the site', () => {
  test.each(LANGS)('the first notebook and the six steps read without a fault (%s)', (lang) => {
    expect(faults(FIRST[lang])).toEqual([]);
    expect(faults(SIX_STEPS[lang])).toEqual([]);
    expect(SIX_STEPS[lang].filter((code) => /<h2>\d\./.test(code))).toHaveLength(6);
    expect(SIX_STEPS.en).toHaveLength(SIX_STEPS.zh.length);
    // Asked for at every pixel, the picture made a cell so slow that it was taken for an endless loop.
    expect([...FIRST[lang], ...SIX_STEPS[lang]].filter((code) => /\.map\(.*picture\(\)/s.test(code))).toEqual(
      [],
    );
  });

  test('so do the worked cells of all lessons, with the same names in both languages', async () => {
    let count = 0;
    for (const { slug } of lessons) {
      const files = import.meta.glob<{
        default: { cells?: () => Promise<{ cells: Record<string, Record<'en' | 'zh', readonly string[]>> }> };
      }>('/lessons/*/lesson.ts');
      const load = files[`/lessons/${slug}/lesson.ts`];
      const all = (await (await load?.())?.default.cells?.())?.cells ?? {};
      for (const [id, codes] of Object.entries(all)) {
        count++;
        for (const lang of LANGS) expect(faults(codes[lang]), `${slug}, ${id}, ${lang}`).toEqual([]);
        const names = LANGS.map((lang) =>
          readBook(
            codes[lang].map((code, i) => ({ id: String(i), code })),
            undefined,
          ).map(({ cell }) => cell?.names.map(({ name }) => name)),
        );
        expect(names[0], `${slug}, ${id}`).toEqual(names[1]);
      }
    }
    expect(count).toBeGreaterThanOrEqual(4);
  });
});
