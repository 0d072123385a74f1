import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LANGS } from '../i18n/index.ts';
import { readLink, writeLink } from '../state/permalink.ts';
import { defaultsOf } from '../state/schema.ts';
import type { GlossaryEntry, Lesson, Reference } from './types.ts';

const ROOT = 'lessons';
const slugs = readdirSync(ROOT).filter((slug) => existsSync(join(ROOT, slug, 'lesson.ts')));
const load = async <T>(slug: string, file: string): Promise<T | undefined> => {
  const path = join(ROOT, slug, file);
  if (!existsSync(path)) return undefined;
  return ((await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default: T }).default;
};
async function all<T>(file: string): Promise<Record<string, T>> {
  const parts = await Promise.all(slugs.map((slug) => load<Record<string, T>>(slug, file)));
  return Object.assign({}, ...parts) as Record<string, T>;
}

it('there is a lesson', () => expect(slugs.length).toBeGreaterThan(0));

describe.each(slugs)('%s', (slug) => {
  it('has the parts a lesson needs', () => {
    for (const file of ['lesson.ts', 'room.svelte.ts', 'Stage.svelte', ...LANGS.map((l) => `${l}.md`)]) {
      expect(existsSync(join(ROOT, slug, file)), file).toBe(true);
    }
  });

  it.each(LANGS)('has its steps in order in %s', async (lang) => {
    const lesson = await load<Lesson>(slug, 'lesson.ts');
    const prose = readFileSync(join(ROOT, slug, `${lang}.md`), 'utf8');
    const steps = [...prose.matchAll(/<Step id="([^"]+)">/g)].map((m) => m[1]);
    expect(steps).toEqual(lesson!.steps.map((s) => s.id));
  });

  it.each(LANGS)('uses terms and references that exist, in %s', async (lang) => {
    const lesson = await load<Lesson>(slug, 'lesson.ts');
    const glossary = await all<GlossaryEntry>('glossary.ts');
    const references = await all<Reference>('references.ts');
    const prose = readFileSync(join(ROOT, slug, `${lang}.md`), 'utf8');
    for (const [, id] of prose.matchAll(/<Term id="([^"]+)"/g)) expect(glossary, id).toHaveProperty([id!]);
    for (const [, id] of prose.matchAll(/<Cite id="([^"]+)"/g)) {
      expect(references, id).toHaveProperty([id!]);
      expect(lesson!.references).toContain(id);
    }
    for (const id of lesson!.terms) expect(glossary).toHaveProperty([id]);
    for (const id of lesson!.references) expect(references).toHaveProperty([id]);
  });

  it.each(LANGS)('begins no paragraph with a component, which Markdown would not wrap, in %s', (lang) => {
    const prose = readFileSync(join(ROOT, slug, `${lang}.md`), 'utf8');
    expect(prose.match(/^<(Num|Term|Shape|Cite)\b.*$/gm)).toBeNull();
  });

  it('writes Chinese with full-width punctuation between Chinese characters', () => {
    const prose = readFileSync(join(ROOT, slug, 'zh.md'), 'utf8').replace(/<[^>]+>/g, '');
    expect(prose.match(/[\u4e00-\u9fff][,;:!?][^/]|[\u4e00-\u9fff]\.(\s|$)/g)).toBeNull();
  });

  it('opens its own links again, at every step', async () => {
    const lesson = (await load<Lesson>(slug, 'lesson.ts'))!;
    for (const step of lesson.steps) {
      const state = { ...defaultsOf(lesson.state), ...step.set };
      const opened = readLink(lesson.state, writeLink(lesson.state, state, { step: step.id }));
      expect(opened).toMatchObject({ state, step: step.id, problems: [] });
    }
  });
});
