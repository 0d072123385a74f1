/** A class that the map gives a colour and a letter. */
export interface Kind {
  /** Class index. */
  readonly k: number;
  readonly letter: string;
  /** Patches it wins. */
  readonly count: number;
}

/** Colours there are (tokens.css, `--kind-1` …). */
export const MOST_KINDS = 6;

/**
 * The classes that win the most patches, with letters, and which of them each patch belongs to (−1: another class).
 * @param always a class that gets a colour even if it wins few patches (none: it is not in the list)
 */
export function kindsOf(
  winners: readonly number[],
  always?: number,
): { readonly kinds: readonly Kind[]; readonly cells: readonly number[]; readonly others: number } {
  const counts = new Map<number, number>();
  for (const k of winners) counts.set(k, (counts.get(k) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const chosen = ranked.slice(0, MOST_KINDS);
  const wanted = ranked.find(([k]) => k === always);
  if (wanted && !chosen.includes(wanted)) chosen[chosen.length - 1] = wanted;
  const kinds = chosen.map(([k, count], i) => ({ k, count, letter: String.fromCharCode(65 + i) }));
  const place = new Map(kinds.map(({ k }, i) => [k, i]));
  const cells = winners.map((k) => place.get(k) ?? -1);
  return { kinds, cells, others: cells.filter((c) => c < 0).length };
}
