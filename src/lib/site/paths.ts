import { asset, resolve } from '$app/paths';
import type { Lang } from '../i18n/index.ts';

type Resolved = Parameters<typeof resolve>[0];
type File = Parameters<typeof asset>[0];

/** The address of a page of a language under the base path: `pageHref('zh', '01-patches/')` → `/zh/01-patches/`. */
export function pageHref(lang: Lang, path = ''): string {
  return resolve(`/${lang}/${path}` as Resolved);
}

/** The address of the page that picks the language. */
export function rootHref(): string {
  return resolve('/');
}

/** The address of a file of `static/` under the base path: `fileHref('pictures/macaw.webp')`. */
export function fileHref(path: string): string {
  return asset(`/${path}` as File);
}

/** The part of a path after its language: `/base/zh/01-patches/` → `01-patches/`. `routeId` tells a page of a language from others. */
export function pathWithin(pathname: string, lang: Lang): string {
  const at = pathname.indexOf(`/${lang}/`);
  return at < 0 ? '' : pathname.slice(at + lang.length + 2);
}
