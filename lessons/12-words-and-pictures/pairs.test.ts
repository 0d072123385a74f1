import { expect, it } from 'vitest';
import {
  FIRST_PAIRS,
  joinIds,
  joinWords,
  MOST_WORD,
  pairPictures,
  pairTexts,
  PAIRS,
  splitWords,
} from './pairs.ts';

const sign = (id: string, en: string) => ({
  id,
  name: { en, zh: `${en}。` },
  group: 'g',
  split: 'train' as const,
});
const source = {
  atlas: {
    concepts: [sign('1F410', 'goat'), sign('1F34E', 'red apple'), sign('1F697', 'car'), sign('1F415', 'dog')],
  },
  photos: [{ id: 'sunflower', title: { en: 'sunflower', zh: '向日葵' } }],
};

it('pictures are found by their ids, each once, signs and photos', () => {
  const found = pairPictures('sunflower_1F415_sunflower_none', source);
  expect(found.map(({ name }) => name.en)).toEqual(['sunflower', 'dog']);
  expect(found.map(({ sign, photo }) => [sign, photo])).toEqual([
    [undefined, 0],
    [3, undefined],
  ]);
  expect(joinIds(found)).toBe('sunflower_1F415');
});

it('a link that names too few gets the first ones, and one that names too many as many as fit', () => {
  expect(joinIds(pairPictures('none', source))).toBe(FIRST_PAIRS);
  expect(joinIds(pairPictures('', source))).toBe(FIRST_PAIRS);
  const many = {
    ...source,
    atlas: { concepts: Array.from({ length: 9 }, (_, i) => sign(`A${i}`, `a${i}`)) },
  };
  expect(pairPictures('A0_A1_A2_A3_A4_A5_A6_A7', many)).toHaveLength(PAIRS.most);
});

it('words come back as they were typed, in their places; where none is typed the name stands', () => {
  const pictures = pairPictures(FIRST_PAIRS, source);
  const line = joinWords(['a goat', '', '汽车', '']);
  expect(splitWords(line, 4)).toEqual(['a goat', '', '汽车', '']);
  expect(pairTexts(line, pictures, 'en')).toEqual(['a goat', 'red apple', '汽车', 'sunflower']);
  expect(pairTexts('', pictures, 'zh')).toEqual(['goat。', 'red apple。', 'car。', '向日葵']);
  expect(joinWords(['', ' '])).toBe('');
});

it('a word cannot break the line, and no word is longer than its field', () => {
  expect(splitWords(joinWords(['a;b', 'c']), 2)).toEqual(['a；b', 'c']);
  expect(Array.from(splitWords(joinWords(['🐐'.repeat(99), 'c']), 2)[0] ?? '')).toHaveLength(MOST_WORD);
});
