import { describe, expect, it } from 'vitest';
import { withoutWord, wordsOf } from './words-of.ts';

const words = (text: string, lang: string) => wordsOf(text, lang).map(({ word }) => word);

describe('words of a text', () => {
  it('are cut at blanks in English and at words in Chinese', () => {
    expect(words('smiling face with sunglasses', 'en')).toEqual(['smiling', 'face', 'with', 'sunglasses']);
    expect(words('红色的蘑菇', 'zh').join('')).toBe('红色的蘑菇');
    expect(words('红色的蘑菇', 'zh').length).toBeGreaterThan(1);
    expect(words('goat, 山羊!', 'en')).toEqual(['goat', '山羊']);
  });

  it('are none in an empty text and in signs', () => {
    for (const text of ['', '   ', '!?']) expect(words(text, 'en')).toEqual([]);
  });

  it('can be taken out one at a time', () => {
    const text = 'smiling face with sunglasses';
    const out = wordsOf(text, 'en').map((word) => withoutWord(text, word));
    expect(out).toEqual([
      'face with sunglasses',
      'smiling with sunglasses',
      'smiling face sunglasses',
      'smiling face with',
    ]);
  });
});
