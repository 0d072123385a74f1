import { expect, it } from 'vitest';
import { bibliography } from '#lib/notebook/bibliography/index.ts';
import lesson from './lesson.ts';
import { METHODS } from './methods.ts';

it('every method names a work of the bibliography that the lesson lists', () => {
  expect(METHODS.map(({ name }) => name)).toEqual(['SimCLR', 'MoCo', 'DINO', 'CLIP', 'MAE']);
  for (const { work } of METHODS) {
    expect(bibliography[work], work).toBeDefined();
    expect(lesson.references).toContain(work);
  }
});

it('says the same numbers in both languages', () => {
  const numbers = (text: string) => text.match(/\d[\d.,]*\d|\d/g) ?? [];
  for (const method of METHODS)
    for (const key of ['compares', 'positives', 'negatives', 'keeps', 'needs'] as const)
      expect(numbers(method[key].zh), `${method.name}, ${key}`).toEqual(numbers(method[key].en));
});
