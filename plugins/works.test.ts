import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Lesson } from '#lib/notebook/types.ts';
import { citedIn } from './works.ts';

it.each(readdirSync('lessons'))('%s brings the works that it declares, in their order', async (slug) => {
  const file = `../lessons/${slug}/lesson.ts`;
  const lesson = ((await import(/* @vite-ignore */ file)) as { default: Lesson }).default;
  expect(Object.keys(citedIn(readFileSync(`lessons/${slug}/lesson.ts`, 'utf8')))).toEqual(lesson.references);
});

it('names a work that the bibliography lacks, and a declaration without a list', () => {
  expect(() => citedIn("  references: ['nobody1900'],")).toThrow(
    'The bibliography has no work “nobody1900”.',
  );
  expect(() => citedIn('  terms: [],')).toThrow('A lesson declares its works');
});
