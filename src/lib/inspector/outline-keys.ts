import type { Row } from './tree.ts';

/** What a key does in the outline. */
export type OutlineMove =
  { readonly kind: 'go'; readonly to: number } | { readonly kind: 'fold' | 'choose' | 'search' };

/** Rows a page of the keyboard. */
const PAGE = 12;

/**
 * What a key does with the row at `at`, as in every tree: up and down go, right unfolds and enters, left folds and
 * leaves. While a search is on nothing folds, and up from the first row goes back to the search.
 * @param open ids of the unfolded rows
 * @returns undefined for a key that means nothing here
 */
export function outlineMove(
  key: string,
  rows: readonly Row[],
  at: number,
  { open, searching }: { readonly open: ReadonlySet<string>; readonly searching: boolean },
): OutlineMove | undefined {
  const row = rows[at];
  if (!row) return undefined;
  const go = (to: number): OutlineMove => ({ kind: 'go', to: Math.max(0, Math.min(rows.length - 1, to)) });
  const folds = row.children.length > 0 && !searching;
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return at === 0 && searching ? { kind: 'search' } : go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'PageDown':
      return go(at + PAGE);
    case 'PageUp':
      return go(at - PAGE);
    case 'ArrowRight':
      return folds && !open.has(row.id) ? { kind: 'fold' } : go(folds ? at + 1 : at);
    case 'ArrowLeft':
      if (folds && open.has(row.id)) return { kind: 'fold' };
      return go(rows.findLastIndex((r, i) => i < at && r.level < row.level));
    case 'Enter':
    case ' ':
      return { kind: 'choose' };
    default:
      return undefined;
  }
}
