import type { Form } from '#lib/models/vivit/config.ts';

/** How many times there are, and how many places each has. */
export interface Extents {
  readonly times: number;
  readonly places: number;
}

/** How a token may look at another within a block: not at all, within its time, at its place over time, or at all alike. */
export const LOOKS = ['none', 'space', 'time', 'both', 'all'] as const;
export type Look = (typeof LOOKS)[number];

/** How token `q` may look at token `k`, both counted time by time. `both`: itself, in two attentions or in all heads. */
export function lookOf(form: Form, { places }: Extents, q: number, k: number): Look {
  if (form === 'joint') return 'all';
  const sameTime = Math.floor(q / places) === Math.floor(k / places);
  const samePlace = q % places === k % places;
  if (form === 'factorised-encoder') return sameTime ? 'space' : 'none';
  if (sameTime && samePlace) return 'both';
  return sameTime ? 'space' : samePlace ? 'time' : 'none';
}

/** Every pair's look, `[N · N]` as indices of `LOOKS`, a query per row. */
export function pairTable(form: Form, extents: Extents): Uint8Array {
  const all = extents.times * extents.places;
  const table = new Uint8Array(all * all);
  for (let q = 0; q < all; q++)
    for (let k = 0; k < all; k++) table[q * all + k] = LOOKS.indexOf(lookOf(form, extents, q, k));
  return table;
}

/**
 * Tokens that have had a part in token `q` after so many blocks of the first encoder, `[N]`, 1 or 0. Attention over time
 * of model 3 comes after that over space, so that it passes on what a block has gathered already.
 */
export function reachedBy(form: Form, extents: Extents, q: number, blocks: number): Uint8Array {
  const { times, places } = extents;
  const all = times * places;
  let reached = new Uint8Array(all);
  reached[q] = 1;
  /** Tokens that those of a set have looked at, in attentions of one kind. */
  const from = (set: Uint8Array, looks: readonly Look[]) => {
    const more = set.slice();
    set.forEach((has, i) => {
      if (!has) return;
      for (let k = 0; k < all; k++) if (looks.includes(lookOf(form, extents, i, k))) more[k] = 1;
    });
    return more;
  };
  for (let b = 0; b < blocks; b++) {
    if (form === 'factorised-self-attention') {
      // From the last to the first: over time, then over space.
      reached = from(from(reached, ['time', 'both']), ['space', 'both']);
    } else reached = from(reached, ['space', 'time', 'both', 'all']);
  }
  return reached;
}
