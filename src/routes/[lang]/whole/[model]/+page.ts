import { error } from '@sveltejs/kit';
import { LANGS } from '#lib/base/lang.ts';
import { DRAWN, drawnSource, walkOf } from '#lib/whole/walks.ts';
import type { EntryGenerator, PageLoad } from './$types';

export const entries: EntryGenerator = () =>
  LANGS.flatMap((lang) => DRAWN.map(({ name }) => ({ lang, model: name })));

export const load: PageLoad = async ({ params }) => {
  const source = drawnSource(params.model);
  const walk = await walkOf(params.model);
  if (!source || !walk) error(404);
  return { source, walk };
};
