import { permutation } from '#lib/analysis/permute.ts';
import { GRID, PLACES } from './model.ts';
import type { FillName } from './names.ts';

/**
 * All places in the order they are filled. The last place comes last in each: nothing was ever read off a code there, so it
 * has no position of its own.
 * @param seed of `shuffled`
 */
export function fillOrder(name: FillName, seed: number): readonly number[] {
  const last = PLACES - 1;
  if (name === 'shuffled') return [...permutation(last, seed), last];
  if (name === 'backwards') return [...Array.from({ length: last }, (_, i) => last - 1 - i), last];
  return Array.from({ length: PLACES }, (_, i) => (i % GRID) * GRID + Math.floor(i / GRID));
}
