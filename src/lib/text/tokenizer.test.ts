import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normalise, pieces } from './pieces.ts';
import { parseTokenizer, SPECIAL } from './tokenizer.ts';

const read = (path: string) => readFileSync(new URL(`../../../training/${path}`, import.meta.url), 'utf8');
const FILE = read('data/text/tokenizer.json');
const tokenizer = parseTokenizer(FILE);
interface Row {
  readonly text: string;
  readonly pieces: readonly string[];
  readonly ids: readonly number[];
}
const { rows } = JSON.parse(read('tests/golden/tokens.json')) as { readonly rows: readonly Row[] };

describe('against the tokenizer that models are trained with', () => {
  it.each(rows)('$text', (row) => {
    expect(pieces(normalise(row.text))).toEqual(row.pieces);
    expect(tokenizer.encode(row.text).ids).toEqual(row.ids);
  });

  it('has its texts', () => {
    expect(rows.length).toBeGreaterThan(70);
    expect([tokenizer.size, tokenizer.context]).toEqual([4000, 24]);
  });
});

/** The tokens of a text as they are written. */
const labels = (text: string) => tokenizer.ids(text).map((id) => tokenizer.label(id));
const kinds = (text: string) => new Set(tokenizer.ids(text).map((id) => tokenizer.kind(id)));

describe('any text has a row', () => {
  it('an empty one, or one of blanks, is its two ends', () => {
    for (const text of ['', '   \n\t ', '\u3000'])
      expect(tokenizer.encode(text)).toEqual({
        ids: [SPECIAL.start, SPECIAL.end, ...new Array<number>(22).fill(SPECIAL.pad)],
        length: 2,
        cut: false,
      });
  });

  it('one that fills the row is whole, a longer one is cut and says so', () => {
    const full = '山'.repeat(22);
    expect(tokenizer.encode(full)).toMatchObject({ length: 24, cut: false });
    const long = tokenizer.encode(`${full}羊`);
    expect(long).toMatchObject({ length: 24, cut: true });
    expect(long.ids).toEqual(tokenizer.encode(full).ids);
    expect(tokenizer.decode(long.ids)).toBe(full);
  });

  it('a very long one costs no more than a page', () => {
    const book = 'Whales and goats. '.repeat(200_000);
    const began = performance.now();
    expect(tokenizer.encode(book)).toMatchObject({ length: 24, cut: true });
    expect(tokenizer.encode('x'.repeat(1_000_000))).toMatchObject({ length: 24, cut: true });
    expect(tokenizer.encode(`${' '.repeat(1_000_000)}goat`).ids).toEqual(tokenizer.encode('goat').ids);
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it('what is read of it gives the first tokens that the whole would', () => {
    const text = 'a drawing of a goat '.repeat(40);
    const all = tokenizer.ids(text);
    expect(tokenizer.encode(text).ids.slice(1, 23)).toEqual(all.slice(0, 22));
  });

  it('scripts may be mixed: each Chinese character is a token, a word is the same wherever it stands', () => {
    expect(tokenizer.ids('山羊goat山羊')).not.toEqual(tokenizer.ids('山羊 goat 山羊 x'));
    expect(labels('Goat 山羊')).toEqual([...labels('goat'), '山', '羊']);
    expect(tokenizer.ids('goat head').slice(0, tokenizer.ids('goat').length)).toEqual(tokenizer.ids('goat'));
  });

  it('an emoji is a blank and its four bytes, an unknown character its bytes', () => {
    expect(labels('🐐')).toEqual([' ', '0xf0', '0x9f', '0x90', '0x90']);
    expect(kinds('龘')).toEqual(new Set(['byte']));
    expect(tokenizer.decode(tokenizer.ids('龘 and 🐐'))).toBe('龘and 🐐');
  });

  it('a word that nobody taught it falls into smaller ones', () => {
    expect(labels('zyzzyva').join('')).toBe(' zyzzyva');
    expect(labels('zyzzyva').length).toBeGreaterThan(labels('goat').length);
  });

  it('half a surrogate pair is a character that cannot be shown', () => {
    expect(tokenizer.decode(tokenizer.ids('a\ud83d b'))).toBe('a\ufffd b');
  });

  it('names its special tokens, and no id beyond its own', () => {
    expect([0, 1, 2].map((id) => tokenizer.label(id))).toEqual(['<pad>', '<start>', '<end>']);
    expect(kinds('<end><pad>')).not.toContain('special');
    expect(() => tokenizer.label(4000)).toThrow(RangeError);
  });
});

it('a text takes less than a millisecond', () => {
  const texts = rows.map(({ text }) => text);
  const round = () => {
    const began = performance.now();
    for (const text of texts) tokenizer.encode(text);
    return (performance.now() - began) / texts.length;
  };
  expect(Math.min(...Array.from({ length: 20 }, round))).toBeLessThan(1);
});

describe('a damaged file', () => {
  const damaged = (change: object) => () =>
    parseTokenizer(JSON.stringify({ ...(JSON.parse(FILE) as object), ...change }));
  it.each([
    ['schema', { schema: 'other/1' }],
    ['special', { special: ['<pad>'] }],
    ['context', { context: 2 }],
    ['units', { units: '山山' }],
    ['units', { units: 'ab' }],
    ['merges', { merges: [[3, 99_999]] }],
    ['merges', { merges: [[0, 3]] }],
    ['merges', { merges: {} }],
  ])('says that %s is wrong', (field, change) => {
    expect(damaged(change)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
    expect(damaged(change)).toThrow(`"field":"${field}"`);
  });

  it('says that it is no JSON', () => {
    expect(() => parseTokenizer('{')).toThrow('is not JSON');
    expect(() => parseTokenizer('null')).toThrow('"field":"schema"');
  });
});
