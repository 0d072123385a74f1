import { describe, expect, it } from 'vitest';
import { filmOf } from './film.ts';

const made = (count: number) => Array.from({ length: count + 1 }, (_, step) => ({ step }));
const steps = ({ places }: ReturnType<typeof filmOf>) => places.map(({ frame }) => frame?.step);

describe('a film of a run', () => {
  it('spreads the states evenly, from the first to the last', () => {
    expect(steps(filmOf(made(20), 20, undefined, 5))).toEqual([0, 5, 10, 15, 20]);
    expect(filmOf(made(20), 20, undefined, 5).shown).toBe('0');
  });

  it('keeps the places of states that are still to come', () => {
    const film = filmOf(made(7), 20, { step: 7 }, 5);
    expect(steps(film)).toEqual([0, 7, undefined, undefined, undefined]);
    expect(film.places.map(({ step }) => step)).toEqual([0, 7, 10, 15, 20]);
  });

  it('marks the place whose state is on show', () => {
    const film = filmOf(made(20), 20, { step: 13 }, 5);
    expect([film.shown, film.places[3]!.frame?.step]).toEqual(['3', 13]);
  });

  it('shows no state twice where there are fewer than places', () => {
    expect(steps(filmOf(made(3), 3, { step: 2 }, 12))).toEqual([0, 1, 2, 3]);
    expect(filmOf(made(3), 3, { step: 2 }, 12).shown).toBe('2');
    expect(steps(filmOf(made(1), 1, undefined, 2))).toEqual([0, 1]);
  });
});
