import { expect, it } from 'vitest';
import { agreement } from './agreement.ts';

const guesses = (...ids: string[]) => ids.map((id) => ({ id, label: { en: id, zh: id }, value: 0.5 }));

it('the answer most give is found with its count; two that differ agree on nothing', () => {
  expect(agreement(guesses('cat', 'dog', 'dog', 'bus', 'dog'))).toMatchObject({
    guess: { id: 'dog' },
    count: 3,
  });
  expect(agreement(guesses('cat', 'dog', 'dog', 'cat'))).toMatchObject({ guess: { id: 'cat' }, count: 2 });
  expect(agreement(guesses('cat', 'dog'))).toBeUndefined();
  expect(agreement([])).toBeUndefined();
});
