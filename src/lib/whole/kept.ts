/** A map with one more entry; the map itself stays as it is, since what reads it goes by identity. */
export function withEntries<K, V>(
  map: ReadonlyMap<K, V>,
  entries: Iterable<readonly [K, V]>,
): ReadonlyMap<K, V> {
  return new Map([...map, ...entries]);
}

export function mapOf<K, V>(entries: Iterable<readonly [K, V]> = []): ReadonlyMap<K, V> {
  return new Map(entries);
}

/** Names that something is done for at the moment. */
export const busy = (): Set<string> => new Set<string>();

/** What is in the one list and not in the other. */
export function without<T>(list: Iterable<T>, other: Iterable<T>): readonly T[] {
  const kept = new Set(other);
  return [...list].filter((item) => !kept.has(item));
}
