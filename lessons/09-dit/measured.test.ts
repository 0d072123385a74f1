import { describe, expect, it } from 'vitest';
import { growth, harmed, LIES, mistakeOf } from './wrong-clock.ts';

describe('which network the wrong clock hurts more', () => {
  it('is asked only where the measured answer is clear', () => {
    expect(LIES.length).toBeGreaterThan(1);
    for (const lie of LIES) {
      const [a, b] = [growth(lie, 'uvit'), growth(lie, 'dit')];
      expect(Math.max(a, b)).toBeGreaterThan(0.01);
      expect(harmed(lie)).toBe(a > b ? 'uvit' : 'dit');
    }
  });
  it('has a word for each wrong answer', () => {
    for (const kind of ['uvit', 'dit'] as const) expect(mistakeOf(kind).en.length).toBeGreaterThan(40);
  });
});
