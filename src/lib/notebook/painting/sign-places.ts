import type { EmojiConcept } from '#lib/pictures/emoji.ts';

/** The place of a value among others when the largest stands first, from 1: how many are larger, and one. */
export function placeOf(value: number, others: ArrayLike<number>): number {
  return 1 + Array.from(others).filter((other) => other > value).length;
}

/** The sign that a text names in either language, by its place in the list; undefined where none has that name. */
export function signNamed(text: string, concepts: readonly EmojiConcept[]): number | undefined {
  const word = text.trim().toLowerCase();
  const found = concepts.findIndex(({ name }) => name.en.toLowerCase() === word || name.zh === word);
  return found < 0 ? undefined : found;
}
