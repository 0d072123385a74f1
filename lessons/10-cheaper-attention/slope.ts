/** Slope on two logarithmic axes between the first and the last of some measurements; undefined of fewer than two. */
export function slopeOf(
  points: readonly { readonly tokens: number; readonly ms: number }[],
): number | undefined {
  const [a, b] = [points[0], points.at(-1)];
  if (!a || !b || a.tokens === b.tokens || a.ms <= 0 || b.ms <= 0) return undefined;
  return Math.log(b.ms / a.ms) / Math.log(b.tokens / a.tokens);
}
