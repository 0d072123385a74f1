import { BOOK_MEASURED, byUse } from './book-measured.ts';
import type { HALVES } from './code-fields.ts';
import { nearestCodes } from './nearest-codes.ts';

export type Half = (typeof HALVES)[number];
/** How often each code is used, and a half that was drawn by chance. */
export interface Uses {
  readonly counts: readonly number[];
  readonly random: readonly number[];
}

/** The codes of a half of the codebook, by how often they are used; undefined where that was not measured. */
export function halfOf(
  half: Half,
  measured: Uses | undefined = BOOK_MEASURED,
): ReadonlySet<number> | undefined {
  if (!measured) return undefined;
  if (half === 'random') return new Set(measured.random);
  const order = byUse(measured.counts);
  const middle = order.length / 2;
  return new Set(half === 'used' ? order.slice(0, middle) : order.slice(middle));
}

/** The nearest allowed code of each place. @param distances squared, `[N, K]` */
export function codesOf(
  distances: ArrayLike<number>,
  places: number,
  allowed: ReadonlySet<number>,
): Float32Array {
  return Float32Array.from(
    { length: places },
    (_, place) => nearestCodes(distances, place, 1, allowed)[0]?.code ?? 0,
  );
}
