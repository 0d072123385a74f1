import type { Field } from './schema.ts';

/** Most texts that a model is fed at once, and most characters of one; what is longer is cut by any model's row. */
export const MOST_TEXTS = 16;
export const MOST_CHARACTERS = 200;

/** Texts, one a line, blanks at the ends and empty lines left out. */
export function linesOf(typed: string): readonly string[] {
  const lines = typed.split(/[\r\n]+/).map((line) => line.trim().slice(0, MOST_CHARACTERS));
  return lines.filter(Boolean).slice(0, MOST_TEXTS);
}

/** Texts with a line break between them. */
export function texts(value: readonly string[]): Field<readonly string[]> {
  return {
    default: value,
    print: (v) => v.join('\n'),
    parse: (raw) => (raw.length <= MOST_TEXTS * (MOST_CHARACTERS + 1) ? linesOf(raw) : undefined),
  };
}

/** One line of any characters, as it was typed; it may be empty. */
export function line(value: string): Field<string> {
  return {
    default: value,
    print: (v) => v,
    parse: (raw) => (raw.length <= MOST_CHARACTERS && !/[\r\n]/.test(raw) ? raw : undefined),
  };
}
