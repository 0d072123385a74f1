import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LANGS } from '#lib/base/lang.ts';
import { readLink, writeLink } from '#lib/state/permalink.ts';
import { defaultsOf } from '#lib/state/schema.ts';
import { parts } from './parts.ts';
import { bibliography } from './bibliography/index.ts';
import type { Numbers } from './numbers.ts';
import type { GlossaryEntry, Lesson } from './types.ts';

const ROOT = 'lessons';
const slugs = readdirSync(ROOT).filter((slug) => existsSync(join(ROOT, slug, 'lesson.ts')));
const load = async <T>(slug: string, file: string): Promise<T | undefined> => {
  const path = join(ROOT, slug, file);
  if (!existsSync(path)) return undefined;
  return ((await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default: T }).default;
};
/** The terms a lesson sees: those it borrows, and its own, which win. */
async function glossaryOf(lesson: Lesson, slug: string): Promise<Record<string, GlossaryEntry>> {
  const from = [...(lesson.borrows ?? []), slug];
  const parts = await Promise.all(from.map((s) => load<Record<string, GlossaryEntry>>(s, 'glossary.ts')));
  return Object.assign({}, ...parts) as Record<string, GlossaryEntry>;
}

it('there is a lesson', () => expect(slugs.length).toBeGreaterThan(0));

describe.each(slugs)('%s', (slug) => {
  it('has the parts a lesson needs', () => {
    for (const file of [
      'title.ts',
      'lesson.ts',
      'view-model.svelte.ts',
      'Stage.svelte',
      'page.ts',
      ...LANGS.map((l) => `${l}.md`),
    ]) {
      expect(existsSync(join(ROOT, slug, file)), file).toBe(true);
    }
  });

  it('stands in a part that the map shows', async () => {
    const lesson = await load<Lesson>(slug, 'lesson.ts');
    expect(parts.map(({ number }) => number)).toContain(lesson!.part);
  });

  it.each(LANGS)('has its steps in order in %s', async (lang) => {
    const lesson = await load<Lesson>(slug, 'lesson.ts');
    const prose = readFileSync(join(ROOT, slug, `${lang}.md`), 'utf8');
    const steps = [...prose.matchAll(/<Step id="([^"]+)">/g)].map((m) => m[1]);
    expect(steps).toEqual(lesson!.steps.map((s) => s.id));
  });

  it.each(LANGS)('uses terms and references that exist, in %s', async (lang) => {
    const lesson = await load<Lesson>(slug, 'lesson.ts');
    const glossary = await glossaryOf(lesson!, slug);
    const prose = readFileSync(join(ROOT, slug, `${lang}.md`), 'utf8');
    for (const [, id] of prose.matchAll(/<Term id="([^"]+)"/g)) expect(glossary, id).toHaveProperty([id!]);
    for (const [, id] of prose.matchAll(/<Cite id="([^"]+)"/g)) {
      expect(bibliography, id).toHaveProperty([id!]);
      expect(lesson!.references).toContain(id);
    }
    // A page has the works of its lesson alone: what a panel cites must be among them.
    const panels = join(ROOT, slug, 'panels');
    for (const file of existsSync(panels) ? readdirSync(panels) : []) {
      const panel = readFileSync(join(panels, file), 'utf8');
      for (const [, id] of panel.matchAll(/<Cite id="([^"]+)"/g))
        expect(lesson!.references, file).toContain(id);
    }
    for (const id of lesson!.terms) expect(glossary).toHaveProperty([id]);
    for (const id of lesson!.references) expect(bibliography).toHaveProperty([id]);
  });

  it.each(LANGS)('knows every number that the prose names, in %s', async (lang) => {
    const { numbers } = (await import(
      /* @vite-ignore */ pathToFileURL(join(ROOT, slug, 'numbers.ts')).href
    )) as { numbers?: Numbers<never> };
    const prose = readFileSync(join(ROOT, slug, `${lang}.md`), 'utf8');
    const named = [...prose.matchAll(/<Num\s+of="([^"@]+)/g)].map(([, name]) => name!);
    if (numbers) for (const name of named) expect(numbers, name).toHaveProperty([name]);
  });

  it('names every view of its stage, and fetches its panel from the lesson’s folder', async () => {
    const lesson = (await load<Lesson>(slug, 'lesson.ts'))!;
    for (const [id, { panel }] of Object.entries(lesson.views ?? {})) {
      expect(lesson.state.fields['view']?.parse(id), id).toBe(id);
      expect(String(panel), id).toMatch(/panels\/\w+\.svelte/);
    }
  });

  it('borrows from no lesson in vain', async () => {
    const lesson = (await load<Lesson>(slug, 'lesson.ts'))!;
    const files = readdirSync(join(ROOT, slug)).filter((name) => /\.(md|svelte)$/.test(name));
    const prose = files.map((name) => readFileSync(join(ROOT, slug, name), 'utf8')).join('\n');
    const used = [...[...prose.matchAll(/<Term\s+id="([^"]+)"/g)].map(([, id]) => id!), ...lesson.terms];
    for (const from of lesson.borrows ?? []) {
      const terms = (await load<Record<string, GlossaryEntry>>(from, 'glossary.ts')) ?? {};
      expect(
        used.some((id) => id in terms),
        from,
      ).toBe(true);
    }
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
