import { interpolateZoom } from 'd3-interpolate';
import type { Point, Rect } from './rect.ts';

/** What of the drawing is seen: the point in the middle of the window, and CSS pixels for one unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

/** The window, CSS pixels, and what lies over its edges (cards, bars), which things are not brought under. */
export interface Room {
  readonly width: number;
  readonly height: number;
  readonly left?: number;
  readonly right?: number;
  readonly top?: number;
  readonly bottom?: number;
}

/** The largest a cell grows: its number can be read. */
export const CLOSEST = 72;
const MARGIN = 16;

/** Middle and size of the part of the window that nothing lies over. */
function free({ width, height, left = 0, right = 0, top = 0, bottom = 0 }: Room) {
  const wide = Math.max(80, width - left - right - 2 * MARGIN);
  const high = Math.max(80, height - top - bottom - 2 * MARGIN);
  return { wide, high, x: (left + width - right) / 2, y: (top + height - bottom) / 2 };
}

/** The camera that shows a rectangle as large as it goes. */
export function showing(rect: Rect, room: Room, most = CLOSEST): Camera {
  const { wide, high, x, y } = free(room);
  const k = Math.min(most, wide / Math.max(1, rect.width), high / Math.max(1, rect.height));
  return {
    x: rect.x + rect.width / 2 - (x - room.width / 2) / k,
    y: rect.y + rect.height / 2 - (y - room.height / 2) / k,
    k,
  };
}

export const toScreen = ({ x, y, k }: Camera, { width, height }: Room, [wx, wy]: Point): Point => [
  (wx - x) * k + width / 2,
  (wy - y) * k + height / 2,
];
export const toWorld = ({ x, y, k }: Camera, { width, height }: Room, [sx, sy]: Point): Point => [
  (sx - width / 2) / k + x,
  (sy - height / 2) / k + y,
];
/** The part of the drawing that is seen. */
export function seenBy({ x, y, k }: Camera, { width, height }: Room): Rect {
  return { x: x - width / k / 2, y: y - height / k / 2, width: width / k, height: height / k };
}

/** Held so that some of the drawing stays in the middle, and neither a dot nor a single cell fills the window. */
export function held(camera: Camera, whole: Rect, room: Room): Camera {
  const least = showing(whole, room).k * 0.5;
  const k = Math.min(CLOSEST, Math.max(least, camera.k));
  const within = (at: number, from: number, size: number) => Math.min(from + size, Math.max(from, at));
  return { x: within(camera.x, whole.x, whole.width), y: within(camera.y, whole.y, whole.height), k };
}

/** Closer or farther by a factor about a point of the window, which keeps its place. */
export function zoomed(camera: Camera, factor: number, at: Point, whole: Rect, room: Room): Camera {
  const { k } = held({ ...camera, k: camera.k * factor }, whole, room);
  const [wx, wy] = toWorld(camera, room, at);
  const moved = { k, x: wx - (at[0] - room.width / 2) / k, y: wy - (at[1] - room.height / 2) / k };
  return held(moved, whole, room);
}

/** Moved by so many pixels of the window. */
export function panned(camera: Camera, dx: number, dy: number, whole: Rect, room: Room): Camera {
  return held({ ...camera, x: camera.x - dx / camera.k, y: camera.y - dy / camera.k }, whole, room);
}

/** The smooth way between two views (van Wijk and Nuij 2003): back, over, and closer again. `part` goes from 0 to 1. */
export function flight(from: Camera, to: Camera, { width }: Room): (part: number) => Camera {
  const way = interpolateZoom([from.x, from.y, width / from.k], [to.x, to.y, width / to.k]);
  return (part) => {
    if (part >= 1) return to;
    const [x, y, w] = way(part);
    return { x, y, k: width / w };
  };
}
