import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseTokenizer, SPECIAL } from '#lib/text/tokenizer.ts';
import { endFirst, reversedWords } from './broken-inputs.ts';

const tokenizer = parseTokenizer(readFileSync('models/clip-tiny/tokenizer.json', 'utf8'));
const { ids, length } = tokenizer.encode('a dog on a horse');

it('words in the opposite order are the same tokens, <start> and <end> in their places', () => {
  const back = reversedWords(ids);
  expect(back).toHaveLength(ids.length);
  expect(back.slice(1, length - 1)).toEqual(ids.slice(1, length - 1).reverse());
  expect([back[0], back.indexOf(SPECIAL.end)]).toEqual([SPECIAL.start, length - 1]);
  expect(reversedWords(back)).toEqual([...ids]);
});

it('<end> before the words: the same tokens, once each, the row as long', () => {
  const first = endFirst(ids);
  expect(first.slice(0, 2)).toEqual([SPECIAL.start, SPECIAL.end]);
  expect(first.slice(2, length)).toEqual(ids.slice(1, length - 1));
  expect([...first].sort()).toEqual([...ids].sort());
});

it('an empty text and one that fills its row stay rows of that length', () => {
  for (const text of ['', 'dog '.repeat(60)]) {
    const row = tokenizer.encode(text).ids;
    for (const changed of [reversedWords(row), endFirst(row)]) {
      expect(changed).toHaveLength(row.length);
      expect(changed.filter((id) => id === SPECIAL.end)).toHaveLength(1);
    }
  }
});
