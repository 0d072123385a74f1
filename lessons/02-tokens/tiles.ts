import type { SmallMap } from '#lib/figures/maps/paint.ts';

/** Standard deviations of all weights that a colour reaches to, either way from grey. */
export const SPREAD = 3;

/** A row `[3, p, p]` as colours `[p, p, 3]` in 0…1, 0 as mid-grey, ±`reach` as the ends. */
export function asColours(row: ArrayLike<number>, at: number, patch: number, reach: number): Float32Array {
  const plane = patch * patch;
  const out = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < plane; i++) {
      const v = 0.5 + row[at + c * plane + i]! / (2 * reach);
      out[3 * i + c] = v < 0 ? 0 : v > 1 ? 1 : v;
    }
  return out;
}

/** Largest magnitude in a stretch of values; 1 where all are 0. */
export function reachOf(values: ArrayLike<number>, at = 0, count = values.length): number {
  let most = 0;
  for (let i = at; i < at + count; i++) most = Math.max(most, Math.abs(values[i]!));
  return most || 1;
}

/** Root mean square of all values: the standard deviation of weights, whose mean is near 0. */
export function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum / values.length);
}

export interface TileWish {
  /** `[count, P]`. */
  readonly table: ArrayLike<number>;
  readonly patch: number;
  /** Rows to draw, in the order of the page. */
  readonly ids: readonly number[];
  /** One reach for all, or `own`: each row its own. */
  readonly reach: number | 'own';
  readonly title: (id: number, reach: number) => string;
  readonly note?: (id: number) => string;
}

/** Rows of a table as small coloured squares. */
export function tiles({ table, patch, ids, reach, title, note }: TileWish): SmallMap[] {
  const values = 3 * patch * patch;
  return ids.map((id) => {
    const own = reach === 'own' ? reachOf(table, id * values, values) : reach;
    return {
      id: `${id}`,
      label: '',
      title: title(id, own),
      values: asColours(table, id * values, patch, own),
      rows: patch,
      cols: patch,
      ...(note && { note: note(id) }),
    };
  });
}
