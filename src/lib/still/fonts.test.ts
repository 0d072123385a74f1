import { describe, expect, it } from 'vitest';
import { facesFor, familiesOf, inRange, type Face } from './fonts.ts';

const face = (family: string, range: string, url: string | undefined): Face => ({
  family,
  range,
  url,
  rule: '',
  written: url ?? '',
});
const FACES = [
  face('Inter Variable', 'U+0000-007E, U+2212', 'inter-core'),
  face('Inter Variable', 'U+0370-03FF', 'inter-greek'),
  face('Han Marks Sans', 'U+2014, U+201C-201D', undefined),
  face('KaTeX_Math', '', 'katex'),
];
const filesFor = (families: string, text: string) =>
  facesFor([{ families, text }], FACES).map(({ url }) => url);

describe('the typefaces that a figure needs', () => {
  it('reads family lists and ranges', () => {
    expect(familiesOf(`"Inter Variable", 'Noto Sans, SC', serif`)).toEqual([
      'Inter Variable',
      'Noto Sans, SC',
      'serif',
    ]);
    expect(inRange('U+0-7F, U+2212', 0x2212)).toBe(true);
    expect(inRange('U+0-7F, U+2212', 0x2213)).toBe(false);
    expect(inRange('U+4??', 0x4ff)).toBe(true);
    expect(inRange('U+4??', 0x500)).toBe(false);
    expect(inRange('', 0x10ffff)).toBe(true);
  });

  it('takes the files that the characters need, and no other', () => {
    const sans = `"Han Marks Sans", "Inter Variable", sans-serif`;
    expect(filesFor(sans, 'plain words')).toEqual(['inter-core', undefined]);
    expect(filesFor(sans, 'α − β')).toEqual(['inter-core', 'inter-greek', undefined]);
    expect(filesFor(sans, '“q”')).toEqual(['inter-core', undefined]);
    expect(filesFor('KaTeX_Math', 'x')).toEqual(['katex']);
  });

  it('leaves the system’s characters to the system', () => {
    expect(filesFor(`"Inter Variable", sans-serif`, '注意力')).toEqual([]);
    expect(filesFor('Georgia, serif', 'words')).toEqual([]);
  });
});
