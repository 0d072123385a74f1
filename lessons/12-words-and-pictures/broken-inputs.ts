import { SPECIAL } from '#lib/text/tokenizer.ts';

/** A row of ids with its words in the opposite order; `<start>`, `<end>` and `<pad>` keep their places. */
export function reversedWords(ids: readonly number[]): number[] {
  const end = ids.indexOf(SPECIAL.end);
  return end < 0 ? [...ids] : [...ids.slice(0, 1), ...ids.slice(1, end).reverse(), ...ids.slice(end)];
}

/**
 * A row of ids with `<end>` straight after `<start>` and the words behind it. The text tower is read at `<end>`, and a
 * token there attends to those before it alone: it has seen no word.
 */
export function endFirst(ids: readonly number[]): number[] {
  const end = ids.indexOf(SPECIAL.end);
  return end < 0 ? [...ids] : [...ids.slice(0, 1), SPECIAL.end, ...ids.slice(1, end), ...ids.slice(end + 1)];
}
