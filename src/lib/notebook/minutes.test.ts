import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { Title } from './types.ts';

const ROOT = 'lessons';
const slugs = readdirSync(ROOT).filter((slug) => existsSync(join(ROOT, slug, 'title.ts')));

/** The rule of docs/adding-a-lesson.md, section 1: what a lesson's minutes are made of. */
const WORDS_PER_MINUTE = 200;
const MINUTES_PER_TASK = 1;
const MINUTES_PER_EXERCISE = 2;
/** How far the stated minutes, a multiple of five, may lie from the rule's. */
const APART = 4;

function minutes(slug: string): number {
  const text = readFileSync(join(ROOT, slug, 'en.md'), 'utf8');
  const prose = text.replace(/<script>[\s\S]*?<\/script>/, '');
  // A live number or a formula is read as one word.
  const words = prose
    .replace(/<(?:Num|Shape|Formula|Cite)\b[^>]*>/g, ' x ')
    .replace(/<[^>]+>/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
  const tasks = prose.match(/<Box kind="(?:try|break)">/g) ?? [];
  const panels = [...text.matchAll(/import (\w+) from '\.\/panels\/(\w+\.svelte)'/g)];
  const exercises = panels.filter(
    ([, name, file]) =>
      new RegExp(`<${name!}\\b`).test(prose) &&
      /<(?:Exercise|Choice|Task)\b/.test(readFileSync(join(ROOT, slug, 'panels', file!), 'utf8')),
  );
  return (
    words.length / WORDS_PER_MINUTE +
    MINUTES_PER_TASK * tasks.length +
    MINUTES_PER_EXERCISE * exercises.length
  );
}

it.each(slugs)('%s states the minutes that its words, tasks and exercises take', async (slug) => {
  const { default: title } = (await import(
    /* @vite-ignore */ pathToFileURL(join(ROOT, slug, 'title.ts')).href
  )) as { default: Title };
  const counted = minutes(slug);
  expect(title.minutes % 5).toBe(0);
  expect(Math.abs(title.minutes - counted), `by the rule ${counted.toFixed(1)} minutes`).toBeLessThanOrEqual(
    APART,
  );
});
