/** A notebook as it is kept and handed on: a title and the code of its cells. */
export interface Notebook {
  readonly title: string;
  readonly cells: readonly string[];
}

/** Most cells of a notebook, and most characters of all its code. */
export const MOST_CELLS = 200;
export const MOST_CODE = 500_000;

/** What came from outside as a notebook; undefined where it is none. Made anew, so that nothing else comes along. */
export function readNotebook(of: unknown): Notebook | undefined {
  if (typeof of !== 'object' || of === null) return undefined;
  const { title, cells } = of as { title?: unknown; cells?: unknown };
  if (typeof title !== 'string' || !Array.isArray(cells) || cells.length > MOST_CELLS) return undefined;
  const codes = cells.filter((code): code is string => typeof code === 'string');
  if (codes.length < cells.length || codes.reduce((sum, { length }) => sum + length, 0) > MOST_CODE)
    return undefined;
  return { title: title.slice(0, 200), cells: codes };
}
