/*
 * Maps and sets that nothing on the page reads reactively: bookkeeping beside what is shown, made outside of modules
 * whose collections are expected to be reactive.
 */

export const plainMap = <K, V>(entries: Iterable<readonly [K, V]> = []): Map<K, V> => new Map(entries);
export const plainSet = <T>(values: Iterable<T> = []): Set<T> => new Set(values);
