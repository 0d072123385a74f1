import { philox } from '#lib/diffusion/math/noise.ts';
import type { Planes } from '#lib/images/patches.ts';

/**
 * A seeded permutation of 0 … n − 1 (Fisher and Yates 1938, in Durstenfeld's form): for i = n − 1 … 1 the entries i
 * and ⌊u · (i + 1)⌋ change places, u = (word + ½) / 2³² from Philox4x32-10 with key [seed, 0] and counters
 * [0, 0, 0, 0], [1, 0, 0, 0] … The same in lessons/02-tokens/tests/reference.py.
 * @param n entries, from 0 up
 * @param seed whole, 0 … 2³² − 1
 */
export function permutation(n: number, seed: number): Int32Array {
  const out = Int32Array.from({ length: n }, (_, i) => i);
  let words: Uint32Array = new Uint32Array();
  for (let i = n - 1, taken = 0; i > 0; i--, taken++) {
    if (taken % 4 === 0) words = philox([taken / 4, 0, 0, 0], [seed, 0]);
    const u = (words[taken % 4]! + 0.5) / 2 ** 32;
    const j = Math.floor(u * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

/** The permutation that undoes one: `inverse(order)[order[i]] = i`. */
export function inverse(order: ArrayLike<number>): Int32Array {
  const out = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) out[order[i]!] = i;
  return out;
}

/**
 * A model input with its patches in another order: place i holds patch `order[i]`. What lies in no patch stays.
 * @param picture `[3, S, S]`
 * @param patch pixels a side of a patch
 * @param order a permutation of the ⌊S / patch⌋² patches
 * @throws RangeError when `order` does not have one entry a patch
 */
export function shufflePatches(picture: Planes, patch: number, order: ArrayLike<number>): Float32Array {
  const { size, data } = picture;
  const side = Math.floor(size / patch);
  if (order.length !== side * side) {
    throw new RangeError(`${order.length} entries are no order of ${side * side} patches`);
  }
  const out = data.slice();
  for (let place = 0; place < order.length; place++) {
    const from = order[place]!;
    for (let c = 0; c < 3; c++)
      for (let y = 0; y < patch; y++) {
        const row = (at: number) =>
          (c * size + Math.floor(at / side) * patch + y) * size + (at % side) * patch;
        out.set(data.subarray(row(from), row(from) + patch), row(place));
      }
  }
  return out;
}

/**
 * How far a table is from another one whose rows were put in another order: max |a[i] − b[order[i]]| over all values.
 * NaN when the tables differ in size or hold a NaN.
 * @param a @param b `[n, width]`
 */
export function maxDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  width: number,
  order?: ArrayLike<number>,
): number {
  const n = a.length / width;
  if (a.length !== b.length || (order && order.length !== n)) return NaN;
  let most = 0;
  for (let i = 0; i < n; i++) {
    const from = (order ? order[i]! : i) * width;
    for (let k = 0; k < width; k++) {
      const d = Math.abs(a[i * width + k]! - b[from + k]!);
      if (!(d <= most)) most = d;
      if (Number.isNaN(d)) return NaN;
    }
  }
  return most;
}

/** The order that keeps token 0 (CLS) and puts the patch tokens after it in `order`: `[0, 1 + order[0], …]`. */
export function tokenOrder(order: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: order.length + 1 }, (_, i) => (i === 0 ? 0 : 1 + order[i - 1]!));
}
