import { error } from '@sveltejs/kit';
import { isLang, LANGS } from '#lib/base/lang.ts';
import { lessons, loadLesson } from '#lib/notebook/catalogue.ts';
import type { EntryGenerator, PageLoad } from './$types';

export const entries: EntryGenerator = () =>
  LANGS.flatMap((lang) => lessons.map(({ slug }) => ({ lang, lesson: slug })));

export const load: PageLoad = async ({ params }) => {
  const loaded = isLang(params.lang) ? await loadLesson(params.lesson, params.lang) : undefined;
  if (!loaded) error(404);
  return { loaded };
};
