import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTokenizer } from '#lib/text/tokenizer.ts';
import { byteTokens, ownTokens, remarksOn } from '#lib/text/remarks.ts';
import { REMARKS } from './remarks.ts';

const tokenizer = parseTokenizer(readFileSync('models/clip-tiny/tokenizer.json', 'utf8'));
const of = (text: string) => remarksOn(text, tokenizer.encode(text), tokenizer);

describe('what is said of a typed text', () => {
  it('is nothing for words of either language', () => {
    for (const text of ['goat', '山羊', 'a photo of a dog', '一张狗的照片', 'something to drink'])
      expect(of(text)).toEqual([]);
  });

  it('names an empty text, however many blanks it has', () => {
    for (const text of ['', '   ', '\t']) expect(of(text)).toEqual(['empty']);
  });

  it('says that the end of a long text is not read, and from where', () => {
    const long = 'goat '.repeat(30);
    expect(of(long)).toEqual(['cut']);
    const row = tokenizer.encode(long);
    expect(ownTokens(row)).toHaveLength(tokenizer.context - 2);
    expect(REMARKS.cut(row).en).toContain(String(tokenizer.context));
    expect(of('羊'.repeat(tokenizer.context - 2))).toEqual([]);
    expect(of('羊'.repeat(tokenizer.context - 1))).toEqual(['cut']);
  });

  it('knows emoji and other scripts by their bytes', () => {
    for (const text of ['🐐', 'Ωμέγα', 'страус']) expect(of(text)).toEqual(['bytes']);
    expect(byteTokens(tokenizer.encode('🐐'), tokenizer)).toBeGreaterThanOrEqual(3);
    expect(byteTokens(tokenizer.encode('goat'), tokenizer)).toBe(0);
  });

  it('says so of two languages in one text', () => {
    expect(of('山羊 goat')).toEqual(['mixed']);
    expect(of('红色的 car 🚗🚗🚗🚗')).toContain('bytes');
    expect(of('goat 12')).toEqual([]);
  });
});
