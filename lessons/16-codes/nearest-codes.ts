import { CODES } from './model.ts';

/** A code and how far it is from a vector. */
export interface Near {
  readonly code: number;
  /** Squared distance. */
  readonly distance: number;
}

/**
 * The codes nearest to a place, the nearest first; of equal ones the lower number.
 * @param distances squared, of all places, `[N, K]`
 * @param allowed codes that may be taken; default all
 */
export function nearestCodes(
  distances: ArrayLike<number>,
  place: number,
  count: number,
  allowed?: ReadonlySet<number>,
): Near[] {
  return Array.from({ length: CODES }, (_, code) => ({
    code,
    distance: distances[place * CODES + code] ?? Infinity,
  }))
    .filter(({ code }) => !allowed || allowed.has(code))
    .sort((a, b) => a.distance - b.distance || a.code - b.code)
    .slice(0, count);
}

/** The code whose entry lies farthest from that of `code`, or of all others the nearest. @param entries `[K, E]` */
export function otherCode(entries: ArrayLike<number>, code: number, which: 'farthest' | 'nearest'): number {
  const width = entries.length / CODES;
  const sign = which === 'farthest' ? 1 : -1;
  let [best, most] = [code, -Infinity];
  for (let other = 0; other < CODES; other++) {
    const apart = sign * squaredDistance(entries, entries, width, code, other);
    if (other !== code && apart > most) [best, most] = [other, apart];
  }
  return best;
}

/** Squared distance of row `i` of one table and row `k` of another, both of `width` numbers a row. */
export function squaredDistance(
  rows: ArrayLike<number>,
  others: ArrayLike<number>,
  width: number,
  i: number,
  k: number,
): number {
  let sum = 0;
  for (let e = 0; e < width; e++) sum += ((rows[i * width + e] ?? 0) - (others[k * width + e] ?? 0)) ** 2;
  return sum;
}
