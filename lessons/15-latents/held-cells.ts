import { maskOf } from '#lib/diffusion/math/holes.ts';
import { GRID } from './model.ts';

/** Latents kept the same for several pictures: those of one, as often as there are pictures. */
export function repeated(one: Float32Array, count: number): Float32Array {
  const all = new Float32Array(count * one.length);
  for (let k = 0; k < count; k++) all.set(one, k * one.length);
  return all;
}

/** What the sampling loop keeps: the latents of `one` for each picture, but for the cells of the holes. */
export function heldCells(one: Float32Array, holes: ReadonlySet<number>, count: number) {
  return { picture: repeated(one, count), mask: maskOf(holes, GRID) };
}

/**
 * Mean absolute difference of two pictures outside of the holes, of values in −1 … 1: what filling in changed of what was
 * to stay. NaN where nothing stays.
 * @param a `[3, S, S]` flat
 */
export function changedOutside(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  holes: ReadonlySet<number>,
  side: number,
): number {
  const keep = maskOf(holes, side);
  let [sum, count] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (keep[i % keep.length] === 0) continue;
    sum += Math.abs(a[i]! - b[i]!);
    count++;
  }
  return sum / count;
}
