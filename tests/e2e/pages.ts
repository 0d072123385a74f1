import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Lesson } from '#lib/notebook/types.ts';

/** A figure from which the way to the inspector is walked. */
export interface TensorToFollow {
  /** The tensor's name on the strip; without it the one that is lit, else the first one. */
  readonly chip?: string;
  /** A denoiser's state on the way: the inspector must open the very same one, so that its numbers are the same. */
  readonly query?: string;
}

/** What `lessons/<NN-slug>/tests/pages.ts` says, where the site-wide tests are to look at more than the lesson's views. */
export interface PagesToLookAt {
  /** Added to the query of every view. */
  readonly with?: string;
  /** Queries that are looked at beside the views. */
  readonly also?: readonly string[];
  /** Without it one figure is followed where the lesson runs a model, and none where it runs none. */
  readonly tensors?: readonly TensorToFollow[];
}

/** A lesson as the site-wide tests see it. */
export interface LessonToTest {
  readonly slug: string;
  readonly lesson: Lesson;
  /** Its views, each with a figure and numbers of its own: what their tabs say, in their order. Empty where it has none. */
  readonly tabs: readonly string[];
  /** Queries with which the lesson is opened: its first view, then what is looked at beside the views. */
  readonly queries: readonly string[];
  readonly tensors: readonly TensorToFollow[];
}

const load = async <T>(path: string): Promise<T> =>
  ((await import(pathToFileURL(resolve(path)).href)) as { default: T }).default;

/** Every lesson of the site, in its order. */
export async function lessonsToTest(): Promise<readonly LessonToTest[]> {
  const slugs = readdirSync('lessons')
    .filter((slug) => existsSync(`lessons/${slug}/lesson.ts`))
    .sort();
  return Promise.all(
    slugs.map(async (slug) => {
      const lesson = await load<Lesson>(`lessons/${slug}/lesson.ts`);
      const file = `lessons/${slug}/tests/pages.ts`;
      const more: PagesToLookAt = existsSync(file) ? await load(file) : {};
      const views = Object.entries(lesson.views ?? {});
      const first = views.slice(0, 1).map(([id]) => `view=${id}`);
      const queries = [...first, ...(more.also ?? [])].map((q) => (more.with ? `${q}&${more.with}` : q));
      return {
        slug,
        lesson,
        tabs: views.map(([, { label }]) => label.en),
        queries: queries.length ? queries : [''],
        tensors: more.tensors ?? (lesson.models.length ? [{}] : []),
      };
    }),
  );
}
