import { expect, it } from 'vitest';
import { apart, greyedInput, rolledInput } from './rolled-input.ts';

const x = Float32Array.from({ length: 2 * 16 }, (_, i) => i + 1);

it('what is rolled lies up and to the left, and comes in at the other end', () => {
  const by = 3;
  const out = rolledInput(x, 4, by);
  for (let plane = 0; plane < 2; plane++)
    for (let r = 0; r < 4; r++)
      for (let c = 0; c < 4; c++)
        expect(out[plane * 16 + r * 4 + c]).toBe(x[plane * 16 + ((r + by) % 4) * 4 + ((c + by) % 4)]);
  expect(rolledInput(rolledInput(x, 4, 1), 4, 3)).toEqual(x);
  expect(rolledInput(x, 4, 0)).toBe(x);
});

it('a grey cell is 0 in every colour, and nothing else changes', () => {
  const out = greyedInput(x, 4, { row: 1, col: 0, size: 2 });
  const zero = [...out.keys()].filter((i) => out[i] === 0);
  expect(zero).toEqual([8, 9, 12, 13, 24, 25, 28, 29]);
  expect([...out.keys()].filter((i) => out[i] !== x[i])).toEqual(zero);
});

it('distributions are 0 apart where they are alike, 1 where they share nothing', () => {
  expect(apart([0.2, 0.8], [0.2, 0.8])).toBe(0);
  expect(apart([1, 0], [0, 1])).toBe(1);
  expect(apart([0.5, 0.5], [0.75, 0.25])).toBe(0.25);
});
