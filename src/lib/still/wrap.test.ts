import { expect, it } from 'vitest';
import { wrapped } from './wrap.ts';

const width = (text: string) => [...text].length;

it('breaks at spaces, and keeps what fits on one line', () => {
  expect(wrapped('How they grow', 20, width)).toEqual(['How they grow']);
  expect(wrapped('How they grow with N', 9, width)).toEqual(['How they', 'grow with', 'N']);
});

it('breaks between Chinese characters, and keeps an English term whole', () => {
  expect(wrapped('怎样随 token 增长', 7, width)).toEqual(['怎样随', 'token 增', '长']);
});

it('begins no line with a Chinese mark', () => {
  expect(wrapped('检视器：开销', 3, width)).toEqual(['检视', '器：开', '销']);
});

it('breaks an address where it must, and loses nothing', () => {
  const link = 'https://example.org/en/inspector/?m=vit-flexi';
  const lines = wrapped(link, 12, width);
  expect(lines.every((line) => line.length <= 12)).toBe(true);
  expect(lines.join('')).toBe(link);
  expect(wrapped('', 5, width)).toEqual([]);
});
