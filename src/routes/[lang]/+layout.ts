import { error } from '@sveltejs/kit';
import { isLang, type Lang } from '$lib/i18n/index.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = ({ params }): { lang: Lang } => {
  if (!isLang(params.lang)) error(404);
  return { lang: params.lang };
};
