import { expect, it } from 'vitest';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { alphaMistakes } from './alpha-mistakes.ts';
import { tableOf } from './schedules.ts';

const table = tableOf('linear');

it.each([299, 199, 399])('tells the usual mistakes apart at step %d', (t) => {
  const mistakes = alphaMistakes(table, t);
  const said = (n: number) => mistakeIn(mistakes, [n])?.say.en;
  const bar = table.alphasCumprod[t]!;
  expect(said(1 - bar)).toMatch(/^That is 1 − ᾱ/);
  expect(said(Math.sqrt(bar))).toMatch(/root of ᾱ/);
  expect(said(1 - table.betas[t]!)).toMatch(/last step alone/);
  expect(said(Math.exp(-(t + 1) * table.betas[t]!))).toMatch(/last β for every step/);
  expect(said(bar)).toBeUndefined();
  expect(said(7)).toBeUndefined();
});
