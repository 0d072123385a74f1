import { describe, expect, it } from 'vitest';
import { clsTooEarly, forgottenCls, mistakeIn, noChannels, oneSide, otherOrder } from './mistakes.ts';

describe('usual mistakes', () => {
  // 384 × 384 pixels, patch size 16: 24 patches a side, 576 in all, of 768 numbers.
  const [N, P] = [576, 768];
  const known = [otherOrder([N, P]), noChannels(16), clsTooEarly(N), oneSide(24)];
  it.each([
    ['the axes in another order', [P, N], 'another order'],
    ['pixels without channels', [N, 256], 'three numbers'],
    ['the class token before it is there', [N + 1, P], 'class token'],
    ['one side only', [24, P], 'two sides'],
    ['one side and CLS', [25, P], 'two sides'],
  ])('%s', (_, given, words) => {
    expect(mistakeIn(known, given, [N, P])?.say.en).toContain(words);
  });
  it('a forgotten class token', () => {
    expect(mistakeIn([forgottenCls(49)], [49, 1024], [50, 1024])?.say.en).toContain('class token');
    expect(mistakeIn([forgottenCls(49)], [50, 1024], [50, 1024])).toBeUndefined();
  });
  it('says nothing of numbers it does not know', () => {
    expect(mistakeIn(known, [1, 2], [N, P])).toBeUndefined();
    expect(mistakeIn(known, [N, P], [N, P])).toBeUndefined();
    // 24 is right where it stands: a width may be as large as a side.
    expect(mistakeIn([oneSide(24)], [1, 24], [2, 24])).toBeUndefined();
  });
});
