import { describe, expect, it } from 'vitest';
import { guide } from '#lib/diffusion/math/guidance.ts';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { guideMistakes } from './guide-mistakes.ts';

const asked = { none: 0.3, told: 0.8, w: 3 };
const right = [...guide(Float64Array.of(asked.told), Float64Array.of(asked.none), asked.w)];
const said = (given: number) => mistakeIn(guideMistakes(asked), [given], right)?.say.en;

describe('guidance by hand', () => {
  it('finds no mistake in what is right', () => {
    expect(right[0]).toBeCloseTo(1.8, 10);
    expect(said(right[0]!)).toBeUndefined();
  });

  it.each([
    [2.3, 'scale s'],
    [-0.7, 'other way round'],
    [1.5, 'the step alone'],
    [2.7, 'whole prediction'],
    [0.55, 'the mean'],
  ])('tells what %d comes of', (given, words) => {
    expect(said(given)).toContain(words);
  });

  it('does not guess where no mistake is known', () => {
    expect(said(5)).toBeUndefined();
  });
});
