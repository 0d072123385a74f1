import { asset, resolve } from '$app/paths';
import type { Lang } from './lang.ts';

// Kit's own types name every route and file there is; here addresses are put together from parts.
const resolvePath = resolve as unknown as (path: string) => string;
const resolveFile = asset as unknown as (path: string) => string;

/** The address of a page of a language under the base path: `pageHref('zh', '01-patches/')` → `/zh/01-patches/`. */
export function pageHref(lang: Lang, path = ''): string {
  return resolvePath(`/${lang}/${path}`);
}

/** The address of the page that picks the language. */
export function rootHref(): string {
  return resolvePath('/');
}

/** The address of a file of `static/` under the base path: `fileHref('pictures/macaw.webp')`. */
export function fileHref(path: string): string {
  return resolveFile(`/${path}`);
}

/** The part of a path after its language: `/base/zh/01-patches/` → `01-patches/`; `''` where there is none. */
export function pathWithin(pathname: string, lang: Lang): string {
  const at = pathname.indexOf(`/${lang}/`);
  return at < 0 ? '' : pathname.slice(at + lang.length + 2);
}
