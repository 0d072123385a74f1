import type { Component } from 'svelte';
import type { Lang } from '../i18n/index.ts';
import type { LessonRun } from './run.svelte.ts';
import type { Room } from './room.ts';
import type { GlossaryEntry, Lesson, Reference } from './types.ts';

/** Every lesson is a folder; nothing else lists them. */
const declared = import.meta.glob<Lesson>('/lessons/*/lesson.ts', { eager: true, import: 'default' });
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
  readonly lesson: Lesson;
}

const slugOf = (path: string) => path.split('/')[2] ?? '';

/** The lessons that exist, in their order. */
export const lessons: readonly ListedLesson[] = Object.entries(declared)
  .map(([path, lesson]) => ({ slug: slugOf(path), lesson }))
  .sort((a, b) => a.lesson.number - b.lesson.number);

export function findLesson(slug: string): Lesson | undefined {
  return lessons.find((l) => l.slug === slug)?.lesson;
}

/** A lesson's parts, ready to be shown. */
export interface LoadedLesson extends ListedLesson {
  readonly prose: Component;
  readonly stage: Component;
  readonly openRoom: OpenRoom;
  readonly glossary: Readonly<Record<string, GlossaryEntry>>;
  readonly references: Readonly<Record<string, Reference>>;
}

/** Loads one lesson in one language; the glossaries and references of all lessons come with it, since lessons share terms. */
export async function loadLesson(slug: string, lang: Lang): Promise<LoadedLesson | undefined> {
  const lesson = findLesson(slug);
  const text = prose[`/lessons/${slug}/${lang}.md`];
  const stage = stages[`/lessons/${slug}/Stage.svelte`];
  const room = rooms[`/lessons/${slug}/room.svelte.ts`];
  if (!lesson || !text || !stage || !room) return undefined;
  const all = <T>(loaders: Record<string, () => Promise<Record<string, T>>>) =>
    Promise.all(Object.values(loaders).map((load) => load())).then(
      (parts) => Object.assign({}, ...parts) as Record<string, T>,
    );
  const [words, view, openRoom, glossary, references] = await Promise.all([
    text(),
    stage(),
    room(),
    all(glossaries),
    all(bibliographies),
  ]);
  return { slug, lesson, prose: words, stage: view, openRoom, glossary, references };
}
