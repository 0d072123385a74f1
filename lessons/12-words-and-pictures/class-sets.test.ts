import { expect, it } from 'vitest';
import { LANGS } from '#lib/base/lang.ts';
import { CLASS_COUNT } from './class-count.ts';
import { CLASSES, namesOf, withWord } from './class-sets.ts';
import { CLASS_SETS } from './state.ts';

it('every set has six classes that there are, in both languages', () => {
  expect(CLASSES).toHaveLength(94);
  for (const set of CLASS_SETS)
    for (const lang of LANGS) {
      expect(namesOf(set, lang), set).toHaveLength(6);
      expect(new Set(namesOf(set, lang)).size).toBe(6);
    }
});

it('no two classes have one name: each pair has an angle of its own', () => {
  for (const lang of LANGS) expect(new Set(CLASSES.map((one) => one[lang])).size).toBe(CLASSES.length);
});

it('the reader’s word comes last, and only if it is another one', () => {
  const names = namesOf('dogs', 'en');
  expect(withWord(names, ' wolf ')).toEqual([...names, 'wolf']);
  expect(withWord(names, 'cat')).toEqual(names);
  expect(withWord(names, '  ')).toEqual(names);
});

it('there are as many classes as the prose says', () => expect(CLASSES).toHaveLength(CLASS_COUNT));
