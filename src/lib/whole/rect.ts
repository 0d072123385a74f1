/** A rectangle of the drawing, in units of one cell; x and y are its upper left corner, y grows downwards. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Point = readonly [x: number, y: number];

export const right = (r: Rect): number => r.x + r.width;
export const bottom = (r: Rect): number => r.y + r.height;
export const middle = (r: Rect): Point => [r.x + r.width / 2, r.y + r.height / 2];

export function moved<R extends Rect>(r: R, dx: number, dy: number): R {
  return { ...r, x: r.x + dx, y: r.y + dy };
}

/** The smallest rectangle around all of these; undefined around none. */
export function around(rects: readonly Rect[]): Rect | undefined {
  if (rects.length === 0) return undefined;
  const x = Math.min(...rects.map((r) => r.x));
  const y = Math.min(...rects.map((r) => r.y));
  return { x, y, width: Math.max(...rects.map(right)) - x, height: Math.max(...rects.map(bottom)) - y };
}

/** Whether two rectangles share more than an edge. */
export function overlap(a: Rect, b: Rect): boolean {
  return a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a);
}

export function contains(r: Rect, [x, y]: Point): boolean {
  return x >= r.x && y >= r.y && x < right(r) && y < bottom(r);
}
