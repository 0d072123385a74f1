import { meanDistance } from './attention.ts';

/** Where the tokens of a clip lie: time by time, in each row by row, after `prefix` tokens that lie nowhere. */
export interface ClipGrid {
  readonly times: number;
  /** Patches a side of a frame; 1 where a time is one token. */
  readonly grid: number;
  /** Tokens before the others: 1 with a class token, else 0. */
  readonly prefix: number;
}

/** Mean attention distance of a head, apart for the two directions that a clip has. */
export interface SpaceTimeDistance {
  /** In tubelets: how many times lie between the one that asks and the ones that are looked at. */
  readonly time: number;
  /** In patches: how far apart they lie in the frame, whatever their times. */
  readonly space: number;
}

/** A token that gives all others that lie anywhere less than this looks at none of them. */
const LOOKS = 1e-6;

/**
 * How far a head of a video transformer looks in time, |τ − τ′|, and in space, the distance between patch centres; both
 * weighted by its attention, as the mean attention distance of a picture is (Dosovitskiy et al. 2021, fig. 7). Weight on
 * prefix tokens is left out and the rest scaled to 1; tokens that look at prefix tokens alone are not counted. NaN where
 * none is left.
 * @param probs `[T, T]` at `offset`, T = prefix + times · grid²
 */
export function spaceTimeDistance(
  probs: ArrayLike<number>,
  { times, grid, prefix }: ClipGrid,
  offset = 0,
): SpaceTimeDistance {
  const places = grid * grid;
  const tokens = prefix + times * places;
  const away = Array.from({ length: places * places }, (_, k) => {
    const [a, b] = [Math.floor(k / places), k % places];
    return Math.hypot(Math.floor(a / grid) - Math.floor(b / grid), (a % grid) - (b % grid));
  });
  let [time, space, count] = [0, 0, 0];
  for (let n = 0; n < times * places; n++) {
    const [asks, at] = [Math.floor(n / places), n % places];
    const row = offset + (prefix + n) * tokens + prefix;
    let [weight, late, far] = [0, 0, 0];
    for (let t = 0; t < times; t++) {
      let mass = 0;
      for (let s = 0; s < places; s++) {
        const a = probs[row + t * places + s]!;
        mass += a;
        far += a * away[at * places + s]!;
      }
      weight += mass;
      late += mass * Math.abs(t - asks);
    }
    if (weight < LOOKS) continue;
    time += late / weight;
    space += far / weight;
    count++;
  }
  return { time: time / count, space: space / count };
}

/**
 * {@link meanDistance} of a head that looks within each time alone: the mean over the times, in patches. What lies at
 * other times it cannot reach.
 * @param probs one layer's weights `[times, heads, T, T]`, T = prefix + grid²
 */
export function spaceDistance(
  probs: ArrayLike<number>,
  { times, grid, prefix }: ClipGrid,
  { head, heads }: { readonly head: number; readonly heads: number },
): number {
  const size = (prefix + grid * grid) ** 2;
  const each = Array.from({ length: times }, (_, t) =>
    meanDistance(probs, { grid, prefix }, (t * heads + head) * size),
  ).filter((v) => !Number.isNaN(v));
  return each.reduce((sum, v) => sum + v, 0) / each.length;
}

/** The mean distance in time where all times are looked at alike: (n² − 1) / 3n of n times. */
export function uniformTime(times: number): number {
  return (times * times - 1) / (3 * times);
}
