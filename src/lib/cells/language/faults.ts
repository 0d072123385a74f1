import type { Text } from '#lib/base/lang.ts';

/** What is wrong with a cell, said at its place in the code. */
export interface CellFault {
  readonly kind:
    'syntax' | 'name' | 'double' | 'circle' | 'tensor' | 'thrown' | 'stopped' | 'refused' | 'unfetched';
  readonly text: Text;
  /** From 1 up; absent where no place is known. */
  readonly line?: number;
  /** From 1 up. */
  readonly column?: number;
  /** Names that may have been meant, nearest first. */
  readonly nearest?: readonly string[];
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Line and column, both from 1, of a place in a text. */
export function placeOf(code: string, offset: number): Place {
  const before = code.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
