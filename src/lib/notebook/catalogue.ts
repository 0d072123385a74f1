import type { Component } from 'svelte';
import type { Lang } from '#lib/base/lang.ts';
import type { LessonPage } from './page.ts';
import type { GlossaryEntry, Lesson, Title } from './types.ts';
import type { Works } from './works.ts';
import { openingView, type OpeningView } from './views.svelte.ts';

/** Every lesson is a folder; nothing else lists them. Titles travel with every page, all else with its own lesson. */
const titles = import.meta.glob<Title>('/lessons/*/title.ts', { eager: true, import: 'default' });
const declared = import.meta.glob<Lesson>('/lessons/*/lesson.ts', { import: 'default' });
const pages = import.meta.glob<LessonPage>('/lessons/*/page.ts', { import: 'default' });
/** Words of a built page's prose that stand in its HTML are fetched apart: plugins/apart.ts. */
interface ProseFile {
  readonly default: Component;
  readonly words?: () => Promise<void>;
}
const prose = import.meta.glob<ProseFile>('/lessons/*/{en,zh}.md');
const glossaries = import.meta.glob<Record<string, GlossaryEntry>>('/lessons/*/glossary.ts', {
  import: 'default',
});

const cited = import.meta.glob<Works>('/lessons/*/lesson.ts', { query: '?works', import: 'default' });

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
  readonly page: LessonPage;
  readonly prose: Component;
  /** Fetches what the prose is made of where its page's HTML is not there to be taken over. */
  readonly words: (() => Promise<void>) | undefined;
  /** Terms by id: those it borrows of others, and its own, which win. */
  readonly glossary: Readonly<Record<string, GlossaryEntry>>;
  /** What it cites, in the order it declares. */
  readonly works: Works;
  readonly opening: OpeningView | undefined;
}

/** Whether a lesson's words stand in the page that was opened, and nothing has been loaded for it yet. */
let standing = typeof document !== 'undefined' && document.querySelector('[data-prose]') !== null;

/** Loads one lesson in one language, with the panel its stage opens with. */
export async function loadLesson(slug: string, lang: Lang): Promise<LoadedLesson | undefined> {
  const text = prose[`/lessons/${slug}/${lang}.md`]?.();
  const stands = standing && location.pathname.includes(`/${lang}/${slug}/`);
  standing = false;
  const page = pages[`/lessons/${slug}/page.ts`]?.();
  const lesson = await findLesson(slug);
  if (!lesson || !text || !page) return undefined;
  const terms = [...(lesson.borrows ?? []), slug].map((from) =>
    glossaries[`/lessons/${from}/glossary.ts`]?.(),
  );
  const works = cited[`/lessons/${slug}/lesson.ts`]?.();
  const opening = openingView(lesson);
  const { default: shown, words } = await text;
  // Words that can't be fetched are asked for once more where the page shows them, which says so if they don't come.
  if (!stands) await words?.().catch(() => undefined);
  return {
    slug,
    page: await page,
    prose: shown,
    words,
    glossary: Object.assign({}, ...(await Promise.all(terms))) as Record<string, GlossaryEntry>,
    works: (await works) ?? {},
    opening: await opening,
  };
}
