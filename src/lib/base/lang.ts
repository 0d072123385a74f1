import { getContext, setContext } from 'svelte';

/** The languages of the site; the first is the fallback. */
export const LANGS = ['en', 'zh'] as const;
export type Lang = (typeof LANGS)[number];
/** A text in every language. Components keep their own texts beside their markup. */
export type Text = Readonly<Record<Lang, string>>;

/** Marks between two pieces that are put together, with the space that follows them. */
export const MARKS = {
  en: { comma: ', ', colon: ': ' },
  zh: { comma: '，', colon: '：' },
} as const satisfies Record<Lang, unknown>;

export function isLang(s: string | undefined): s is Lang {
  return LANGS.some((l) => l === s);
}

const KEY = Symbol('lang');

/** Set by the `[lang]` layout with a getter, so that a switch of language reaches every component. */
export function provideLang(lang: () => Lang): void {
  setContext(KEY, lang);
}

/** A getter for the page's language (call it inside markup or `$derived`). */
export function useLang(): () => Lang {
  return getContext<(() => Lang) | undefined>(KEY) ?? (() => 'en');
}
