import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { averagedEmbeddings, languageOf, promptsFor, type PromptTemplates } from './prompts.ts';

const { templates } = JSON.parse(readFileSync('models/clip-tiny/config.json', 'utf8')) as {
  templates: PromptTemplates;
};

it('a label is put into sentences of its own language', () => {
  expect([languageOf('goat'), languageOf('山羊'), languageOf('a 羊'), languageOf('🐐')]).toEqual([
    'en',
    'zh',
    'zh',
    'en',
  ]);
  expect(promptsFor('goat', 'bare', templates, 'photo')).toEqual(['goat']);
  expect(promptsFor('goat', 'one', templates, 'photo')).toEqual(['a photo of a goat']);
  const all = promptsFor('山羊', 'all', templates, 'photo');
  expect(all).toHaveLength(templates.photo.zh.length);
  for (const sentence of all) expect(sentence).toMatch(/^[^{}]*山羊[^{}]*$/);
});

it('a label that looks like a pattern stays as it is', () => {
  expect(promptsFor('$&{}', 'one', templates, 'drawing')).toEqual(['a drawing of $&{}']);
});

it('the mean of directions is a direction: length 1, between them', () => {
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const out = averagedEmbeddings(
    [
      [c, s, c, -s],
      [0, 1],
    ],
    2,
  );
  expect([...out].map((v) => Number(v.toFixed(6)))).toEqual([1, 0, 0, 1]);
});
