import type { AtTokens } from './by-tokens.ts';

/** Slope on two logarithmic axes between the first and the last of some measurements; undefined of fewer than two. */
export function slopeOf(points: readonly AtTokens[]): number | undefined {
  const [a, b] = [points[0], points.at(-1)];
  if (!a || !b || a.tokens === b.tokens || a.value <= 0 || b.value <= 0) return undefined;
  return Math.log(b.value / a.value) / Math.log(b.tokens / a.tokens);
}
