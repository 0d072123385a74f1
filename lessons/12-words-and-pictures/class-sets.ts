import type { Lang, Text } from '#lib/base/lang.ts';
import type { CLASS_SETS } from './state.ts';

export type ClassSet = (typeof CLASS_SETS)[number];

/** The classes of the site's photo classifier, whose names the text tower has met beside photos. */
const stored = import.meta.glob<readonly (Text & { readonly id: string })[]>(
  '/models/vit-flexi/config.json',
  {
    eager: true,
    import: 'labels',
  },
);
export const CLASSES = Object.values(stored)[0] ?? [];

/** Ids of each set's classes. */
const MEMBERS: Readonly<Record<ClassSet, readonly string[]>> = {
  dogs: ['golden_retriever', 'beagle', 'samoyed', 'shih_tzu', 'border_terrier', 'cat'],
  vehicles: ['car', 'bus', 'bicycle', 'motorcycle', 'airplane', 'sailing_boat'],
  fruit: ['apple', 'pear', 'lemon', 'banana', 'tomato', 'carrot'],
  music: ['guitar', 'violin', 'piano', 'trumpet', 'saxophone', 'drums'],
  mixed: ['sheep', 'horse', 'bus', 'pizza', 'piano', 'mountain'],
};

/** Names of a set's classes. */
export const namesOf = (set: ClassSet, lang: Lang): readonly string[] =>
  MEMBERS[set].flatMap((id) => CLASSES.find((one) => one.id === id)?.[lang] ?? []);

/** Names and, if it is another one, the reader's word after them. */
export function withWord(names: readonly string[], beside: string): readonly string[] {
  const extra = beside.trim();
  return extra === '' || names.includes(extra) ? names : [...names, extra];
}
