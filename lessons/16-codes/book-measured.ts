/** What tests/measure_codes.py found of each code of the codebook with one grid. */
export interface BookMeasured {
  /** How often each code was used, `[K]`, and how light it is when decoded alone, 0 … 255. */
  readonly counts: readonly number[];
  readonly light: readonly number[];
  /** The codes of the half that was drawn by chance. */
  readonly random: readonly number[];
  /** The picture of the codebook: every code decoded alone, the middle of it. */
  readonly sheet: { readonly file: string; readonly tile: number; readonly columns: number };
}

const stored = import.meta.glob<BookMeasured>('./measured-book.json', { eager: true, import: 'default' });

/** Undefined in a copy of the site where nothing was measured. The page begins without it: see code-measured.ts. */
export const BOOK_MEASURED: BookMeasured | undefined = Object.values(stored)[0];
/** What `data-from` says of it. */
export const BOOK_MEASURED_FROM = 'cite:lessons/16-codes/measured-book.json';

/** Codes from the most used to the least; of equal ones the lower number first. */
export function byUse(counts: readonly number[]): number[] {
  return counts.map((_, code) => code).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
}
