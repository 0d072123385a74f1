import { expect, it } from 'vitest';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { batchMistakes, stepMistakes } from './step-mistakes.ts';

it('recognises what is usually done instead of a step of DDIM', () => {
  const numbers = { x0: -0.41, eps: 1.27, signal: 0.58, noise: Math.sqrt(1 - 0.58 ** 2) };
  const { x0, eps, signal, noise } = numbers;
  const said = (n: number) => mistakeIn(stepMistakes(numbers), [n])?.say.en;
  expect(said(noise * x0 + signal * eps)).toMatch(/exchanged/);
  expect(said(signal ** 2 * x0 + noise ** 2 * eps)).toMatch(/roots/);
  expect(said(signal * x0)).toMatch(/picture alone/);
  expect(said(signal * x0 - noise * eps)).toMatch(/subtracted/);
  expect(said(signal * x0 + noise * eps)).toBeUndefined();
});

it('recognises what is usually written instead of the shape of a pass', () => {
  const said = (given: number[], count: number, guided: boolean) =>
    mistakeIn(batchMistakes([guided ? 2 * count : count, 3, 32, 32], count, guided), given)?.say.en;
  expect(said([5, 3, 32, 32], 5, true)).toMatch(/twice/);
  expect(said([10, 3, 32, 32], 5, false)).toMatch(/weight 0/);
  expect(said([10, 32, 32, 3], 5, true)).toMatch(/another order/);
  expect(said([10, 3, 8, 8], 5, true)).toMatch(/patches/);
  expect(said([10, 3, 32, 32], 5, true)).toBeUndefined();
});
