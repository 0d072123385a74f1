/** Places `[n, 2]`, row-major. */
export type Places = ArrayLike<number>;
type Point = readonly [x: number, y: number];

const count = (places: Places) => places.length / 2;

/** The place nearest to a point, at most `most` away; undefined where none is. */
export function placeAt(
  places: Places,
  [x, y]: Point,
  most: number,
  shown = (_: number) => true,
): number | undefined {
  let best: number | undefined;
  let least = most ** 2;
  for (let i = 0; i < count(places); i++) {
    const squared = (places[2 * i]! - x) ** 2 + (places[2 * i + 1]! - y) ** 2;
    if (squared <= least && shown(i)) [best, least] = [i, squared];
  }
  return best;
}

/**
 * The next place from one of them in a direction: the nearest of those that lie within 45° of it.
 * @param towards a unit vector along an axis @returns the same place where there is none
 */
export function placeTowards(
  places: Places,
  from: number,
  [dx, dy]: Point,
  shown = (_: number) => true,
): number {
  const [x, y] = [places[2 * from]!, places[2 * from + 1]!];
  let best = from;
  let least = Infinity;
  for (let i = 0; i < count(places); i++) {
    const [rx, ry] = [places[2 * i]! - x, places[2 * i + 1]! - y];
    const along = rx * dx + ry * dy;
    const across = Math.abs(rx * dy - ry * dx);
    const distance = Math.hypot(rx, ry);
    if (i === from || along <= 0 || across > along || distance >= least || !shown(i)) continue;
    [best, least] = [i, distance];
  }
  return best;
}

/** The rectangle around all of them, `margin` of its size wider at each side. */
export function around(places: Places, margin = 0.05) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < count(places); i++) {
    [x0, x1] = [Math.min(x0, places[2 * i]!), Math.max(x1, places[2 * i]!)];
    [y0, y1] = [Math.min(y0, places[2 * i + 1]!), Math.max(y1, places[2 * i + 1]!)];
  }
  const [w, h] = [x1 - x0, y1 - y0];
  return {
    x: x0 - margin * w,
    y: y0 - margin * h,
    width: w * (1 + 2 * margin),
    height: h * (1 + 2 * margin),
  };
}
