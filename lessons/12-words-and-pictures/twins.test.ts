import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LANGS } from '#lib/base/lang.ts';
import { readEmojiAtlas } from '#lib/pictures/emoji.ts';
import { phrasesWith, TESTS, twinScores, TWINS } from './twins.ts';

const atlas = readEmojiAtlas(JSON.parse(readFileSync('static/emoji/emoji.json', 'utf8')));

it('every picture is of signs that there are, inside the square', () => {
  const ids = new Set(atlas.concepts.map(({ id }) => id));
  for (const twin of TWINS)
    for (const { sign, x, y, size } of TESTS[twin].pictures.flat()) {
      expect(ids, sign).toContain(sign);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(Math.max(x, y) + size).toBeLessThanOrEqual(1);
    }
});

it('the two texts differ, and the second or both have the word that tells them apart', () => {
  for (const twin of TWINS)
    for (const lang of LANGS) {
      const { texts, word } = TESTS[twin];
      expect(texts[0][lang]).not.toBe(texts[1][lang]);
      expect(phrasesWith([texts[1][lang]], word[lang])).toBe(1);
    }
});

it('scores as Winoground does: each picture and each text asks by itself', () => {
  expect(
    twinScores([
      [0.4, 0.1],
      [0.2, 0.3],
    ]),
  ).toEqual({ ofPictures: [true, true], ofTexts: [true, true], all: true });
  expect(
    twinScores([
      [0.4, 0.39],
      [0.35, 0.3],
    ]),
  ).toEqual({
    ofPictures: [true, false],
    ofTexts: [true, false],
    all: false,
  });
  expect(
    twinScores([
      [0.2, 0.2],
      [0.2, 0.2],
    ]).all,
  ).toBe(false);
});

it('a word is a whole word in English and any stretch in Chinese', () => {
  expect(phrasesWith(['No entry', 'hear-no-evil monkey', 'nose', 'know'], 'no')).toBe(2);
  expect(phrasesWith(['没有狗', '有狗'], '没有')).toBe(1);
});
