import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LANGS } from '#lib/base/lang.ts';
import type { Lesson } from './types.ts';

const ROOT = 'lessons';
const slugs = readdirSync(ROOT).filter((slug) => existsSync(join(ROOT, slug, 'lesson.ts')));
const prose = (slug: string, lang: string) => readFileSync(join(ROOT, slug, `${lang}.md`), 'utf8');
const tasks = (text: string) =>
  [...text.matchAll(/<Box kind="(?:try|break)">([\s\S]*?)<\/Box>/g)].map(([, inside]) => inside!);
/** The settings that a lesson's prose offers, as it writes them. */
const settings = (text: string): Record<string, unknown>[] =>
  [...text.matchAll(/<Setting\s+set=\{(\{[\s\S]*?\})\}\s*>/g)].map(
    ([, literal]) => new Function(`return (${literal})`)() as Record<string, unknown>,
  );

describe.each(slugs)('%s', (slug) => {
  it.each(LANGS)('says after each thing to try or to break what was to be seen, in %s', (lang) => {
    for (const task of tasks(prose(slug, lang)))
      expect(task.match(/<Outcome>/g), task.trim().slice(0, 80)).toHaveLength(1);
  });

  it('has the same tasks and settings in both languages', () => {
    const [en, zh] = [prose(slug, 'en'), prose(slug, 'zh')];
    expect(tasks(zh).length).toBe(tasks(en).length);
    expect(settings(zh)).toEqual(settings(en));
  });

  it('sets fields that its state has to values they can have', async () => {
    const { default: lesson } = (await import(
      /* @vite-ignore */ pathToFileURL(join(ROOT, slug, 'lesson.ts')).href
    )) as { default: Lesson };
    for (const set of settings(prose(slug, 'en')))
      for (const [name, value] of Object.entries(set)) {
        const field = lesson.state.fields[name];
        expect(field, name).toBeDefined();
        expect(field!.parse(field!.print(value)), `${name}: ${String(value)}`).toEqual(value);
      }
  });
});
