import { logSlope } from '#lib/analysis/log-slope.ts';
import type { AtTokens } from './by-tokens.ts';

/** Slope on two logarithmic axes between the first and the last of some measurements; undefined of fewer than two. */
export function slopeOf(points: readonly AtTokens[]): number | undefined {
  const [a, b] = [points[0], points.at(-1)];
  return a && b && logSlope([a.tokens, a.value], [b.tokens, b.value]);
}
