import type { Component } from 'svelte';
import type { Lang } from '#lib/base/lang.ts';
import type { LessonRun } from './run.svelte.ts';
import type { Room } from './room.ts';
import type { GlossaryEntry, Lesson, Reference, Title } from './types.ts';

/** Every lesson is a folder; nothing else lists them. Titles travel with every page, all else with its own lesson. */
const titles = import.meta.glob<Title>('/lessons/*/title.ts', { eager: true, import: 'default' });
const declared = import.meta.glob<Lesson>('/lessons/*/lesson.ts', { import: 'default' });
const prose = import.meta.glob<Component>('/lessons/*/{en,zh}.md', { import: 'default' });
const stages = import.meta.glob<Component>('/lessons/*/Stage.svelte', { import: 'default' });
const rooms = import.meta.glob<OpenRoom>('/lessons/*/room.svelte.ts', { import: 'default' });
const glossaries = import.meta.glob<Record<string, GlossaryEntry>>('/lessons/*/glossary.ts', {
  import: 'default',
});
const bibliographies = import.meta.glob<Record<string, Reference>>('/lessons/*/references.ts', {
  import: 'default',
});

/** What `lessons/<NN-slug>/room.svelte.ts` exports: opens the lesson's shared model of the page, while a component initialises. */
export type OpenRoom = (run: LessonRun) => Room;

export interface ListedLesson {
  readonly slug: string;
  readonly title: Title;
}

const slugOf = (path: string) => path.split('/')[2] ?? '';

/** The lessons that exist, in their order. */
export const lessons: readonly ListedLesson[] = Object.entries(titles)
  .map(([path, title]) => ({ slug: slugOf(path), title }))
  .sort((a, b) => a.title.number - b.title.number);

/** What a lesson declares; undefined for an unknown one. */
export async function findLesson(slug: string): Promise<Lesson | undefined> {
  return declared[`/lessons/${slug}/lesson.ts`]?.();
}

/** A lesson's parts, ready to be shown. */
export interface LoadedLesson {
  readonly slug: string;
  readonly lesson: Lesson;
  readonly prose: Component;
  readonly stage: Component;
  readonly openRoom: OpenRoom;
  readonly glossary: Readonly<Record<string, GlossaryEntry>>;
  readonly references: Readonly<Record<string, Reference>>;
}

/** What the lessons declare in such files, together; of two entries of one name the later lesson's. */
async function gather<T>(
  loaders: Record<string, () => Promise<Record<string, T>>>,
  slugs: readonly string[],
  file: string,
): Promise<Record<string, T>> {
  const parts = await Promise.all(slugs.map((slug) => loaders[`/lessons/${slug}/${file}`]?.()));
  return Object.assign({}, ...parts) as Record<string, T>;
}

/** Loads one lesson in one language, with the words and references it borrows of others; its own come first. */
export async function loadLesson(slug: string, lang: Lang): Promise<LoadedLesson | undefined> {
  const text = prose[`/lessons/${slug}/${lang}.md`];
  const stage = stages[`/lessons/${slug}/Stage.svelte`];
  const room = rooms[`/lessons/${slug}/room.svelte.ts`];
  const spec = declared[`/lessons/${slug}/lesson.ts`];
  if (!spec || !text || !stage || !room) return undefined;
  const declaration = spec();
  const of = declaration.then(({ borrows = [] }) => [...borrows, slug]);
  const [lesson, words, view, openRoom, glossary, references] = await Promise.all([
    declaration,
    text(),
    stage(),
    room(),
    of.then((slugs) => gather(glossaries, slugs, 'glossary.ts')),
    of.then((slugs) => gather(bibliographies, slugs, 'references.ts')),
  ]);
  return { slug, lesson, prose: words, stage: view, openRoom, glossary, references };
}
