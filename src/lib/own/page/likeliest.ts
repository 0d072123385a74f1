/**
 * The largest probabilities with their places, largest first; of equal ones the first place. Those that are no numbers
 * are left out.
 * @param probs one for each class
 * @param count how many at the most
 */
export function likeliest(
  probs: Float32Array,
  count: number,
): readonly { readonly index: number; readonly p: number }[] {
  return Array.from(probs, (p, index) => ({ index, p }))
    .filter(({ p }) => !Number.isNaN(p))
    .sort((a, b) => b.p - a.p)
    .slice(0, count);
}
