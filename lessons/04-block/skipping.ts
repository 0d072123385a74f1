/** One class before and after something was changed. */
export interface Change {
  readonly index: number;
  readonly before: number;
  readonly after: number;
}

/**
 * The classes worth showing when an answer changes: the `count` most probable of both runs together, those of the
 * intact run first.
 */
export function changes(before: ArrayLike<number>, after: ArrayLike<number>, count: number): Change[] {
  const order = (values: ArrayLike<number>) =>
    Array.from(values, (value, index) => ({ value, index })).sort((a, b) => b.value - a.value);
  const first = order(before).slice(0, count);
  const known = new Set(first.map((f) => f.index));
  const fresh = order(after)
    .slice(0, count)
    .filter((f) => !known.has(f.index));
  // The newcomers take the places of the least probable of the intact run.
  const kept = first.slice(0, Math.max(1, count - Math.min(fresh.length, Math.floor(count / 2))));
  return [...kept, ...fresh.slice(0, count - kept.length)].map(({ index }) => ({
    index,
    before: before[index]!,
    after: after[index]!,
  }));
}

/** Index of the largest value. */
export function topOf(values: ArrayLike<number>): number {
  let top = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[top]!) top = i;
  return top;
}
