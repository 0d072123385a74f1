/** A point with both coordinates above 0. */
export type Point = readonly [x: number, y: number];

/** Slope of the line from `a` to `b` on two logarithmic axes: the power of x that y grows with; undefined where there is none. */
export function logSlope([ax, ay]: Point, [bx, by]: Point): number | undefined {
  if (ax === bx || ax <= 0 || bx <= 0 || ay <= 0 || by <= 0) return undefined;
  return Math.log(by / ay) / Math.log(bx / ax);
}
