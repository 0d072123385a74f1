import { describe, expect, it } from 'vitest';
import { lettersOf } from './canvas.ts';

describe('words on a canvas', () => {
  it('have their own size on a page', () => {
    for (const size of [10, 10.5, 14]) expect(lettersOf(size, 1)).toBe(size);
  });
  it('can be read from afar on a slide: 13 px or more, and larger where all words are', () => {
    for (const type of [1.131, 1.15, 1.25, 1.6]) {
      for (const size of [10, 10.5, 11.5, 14]) {
        expect(lettersOf(size, type)).toBeGreaterThanOrEqual(Math.max(13, size * type));
      }
    }
  });
});
