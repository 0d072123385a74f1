import { LANGS, type Lang } from '#lib/base/lang.ts';

/** Picks the reader's language. */
export type Say = (en: string, zh: string) => string;

/**
 * The cells of a worked example, or of a notebook, written once: the code is the same in both languages, the comments
 * and labels in it are the reader's.
 */
export function worked(write: (say: Say) => readonly string[]): Readonly<Record<Lang, readonly string[]>> {
  const of = (lang: Lang) => write((en, zh) => (lang === 'en' ? en : zh));
  return Object.fromEntries(LANGS.map((lang) => [lang, of(lang)])) as Record<Lang, readonly string[]>;
}
