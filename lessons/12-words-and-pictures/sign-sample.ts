/** Signs of a sample. */
export const SAMPLE = 100;

/** Signs spread over the atlas, `count` of them, each of a name of its own. */
export function sampleOf<T extends { readonly name: string }>(
  all: readonly T[],
  count = SAMPLE,
): readonly T[] {
  const first = new Map(all.map((one) => [one.name, one]));
  const different = [...first.values()];
  const step = different.length / count;
  if (step <= 1) return different;
  return Array.from({ length: count }, (_, i) => different[Math.floor((i + 0.5) * step)]!);
}
