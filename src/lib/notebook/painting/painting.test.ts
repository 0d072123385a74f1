import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEmojiAtlas } from '#lib/pictures/emoji.ts';
import { placeOf, signNamed } from './sign-places.ts';
import { STYLE_SHEET, STYLE_TITLES } from './style-sheet.ts';
import { styleClass, STYLES } from './styles.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('a painting’s place among signs', () => {
  it('counts those that are larger, and shares a place with equals', () => {
    expect([0.9, 0.5, 0.4, 0.1].map((v) => placeOf(v, [0.5, 0.4, 0.4]))).toEqual([1, 1, 2, 4]);
  });

  it('knows a sign by its name in either language', () => {
    const { concepts } = readEmojiAtlas(read('static/emoji/emoji.json'));
    const named = (text: string) => concepts[signNamed(text, concepts) ?? -1]?.id;
    expect([named('goat'), named(' Goat '), named('山羊')]).toEqual(['1F410', '1F410', '1F410']);
    expect([named('two goats'), named('')]).toEqual([undefined, undefined]);
  });
});

describe('the four styles', () => {
  it('are drawn from the first row of the sheet of objects, in the order of the classes', () => {
    const sheet = read('static/emoji/objects.json') as {
      file: string;
      columns: number;
      styles: { title: string; licence: string }[];
    };
    expect([sheet.file, sheet.columns]).toEqual([STYLE_SHEET.file, STYLE_SHEET.columns]);
    expect(sheet.columns).toBeGreaterThanOrEqual(STYLES.length);
    STYLES.forEach((style, i) => {
      const { title, licence } = sheet.styles[i]!;
      expect(STYLE_TITLES[style].en).toContain(title);
      expect(STYLE_TITLES[style].en).toContain(licence);
    });
  });
});

it('a style is a class, none is null', () => {
  expect([...STYLES.map(styleClass), styleClass('none')]).toEqual([0, 1, 2, 3, null]);
});
