import { error } from '@sveltejs/kit';
import { isLang, type Lang } from '#lib/base/lang.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = ({ params }): { lang: Lang } => {
  if (!isLang(params.lang)) error(404);
  return { lang: params.lang };
};
