import type { CornerBox } from '#lib/analysis/detection/boxes.ts';
import { STYLES, type SceneObject } from './scene.ts';
import { levelFor, type Sprites } from './sprites.ts';

/** An object as it stands in a picture. */
export interface Standing {
  readonly object: SceneObject;
  /** Index of its class. */
  readonly label: number;
  /**
   * The tight box of its opaque pixels inside the picture, whatever covers them, in shares of the side: what training calls
   * its box. Undefined where no such pixel is inside.
   */
  readonly box: CornerBox | undefined;
  /** Part of its opaque pixels that is inside and covered by none, 0 … 1; training drew no object below 0.4. */
  readonly visible: number;
}

/** A scene with its picture. */
export interface DrawnScene {
  /** What the networks are fed, `[3, side, side]` in −1 … 1. */
  readonly x: Float32Array;
  readonly side: number;
  /** In the order they lie on one another, the lowest first. */
  readonly standing: readonly Standing[];
}

/** Of each object opaque from this alpha on. */
const OPAQUE = 0.5;

/**
 * Objects on a photo, drawn as training/data/scenes.py draws them: each picture turned, scaled and taken bilinear, laid over
 * what is there by its alpha.
 * @param photo `[3, side, side]` in −1 … 1; it stays as it is
 */
export function drawScene(
  photo: Float32Array,
  objects: readonly SceneObject[],
  sprites: Sprites,
  side: number,
): DrawnScene {
  const plane = side * side;
  const colours = photo.map((v) => (v + 1) / 2);
  const owner = new Int16Array(plane).fill(-1);
  const stamps = objects.map((object, index) => stamp(colours, owner, object, index, sprites, side));
  const shown = new Int32Array(objects.length);
  for (const index of owner) if (index >= 0) shown[index]!++;
  const standing = stamps.map(({ box, opaque }, i) => ({
    object: objects[i]!,
    label: objects[i]!.concept,
    box,
    visible: opaque > 0 ? shown[i]! / opaque : 0,
  }));
  return { x: colours.map((v) => 2 * v - 1), side, standing };
}

/** Lays one object down. `opaque`: its opaque pixels, those outside of the picture as well. */
function stamp(
  colours: Float32Array,
  owner: Int16Array,
  object: SceneObject,
  index: number,
  sprites: Sprites,
  side: number,
): { readonly box: CornerBox | undefined; readonly opaque: number } {
  const pixels = object.size * side;
  const level = levelFor(sprites, pixels);
  const picture = (object.concept * STYLES + object.style) * level.side ** 2 * 4;
  const [cos, sin] = [Math.cos((object.angle * Math.PI) / 180), Math.sin((object.angle * Math.PI) / 180)];
  const scale = level.side / pixels;
  // Half the diagonal of the turned square, and a pixel.
  const reach = (pixels / 2) * (Math.abs(cos) + Math.abs(sin)) + 1;
  const range = (middle: number) => [Math.floor(middle - reach), Math.ceil(middle + reach)] as const;
  const [left, right] = range(object.x * side);
  const [top, bottom] = range(object.y * side);
  const seen = new Float32Array(4);
  let [opaque, x0, y0, x1, y1] = [0, Infinity, Infinity, -Infinity, -Infinity];
  for (let r = top; r < bottom; r++)
    for (let c = left; c < right; c++) {
      const [dx, dy] = [c + 0.5 - object.x * side, r + 0.5 - object.y * side];
      const across = (object.mirrored ? -1 : 1) * (cos * dx + sin * dy);
      const column = across * scale + level.side / 2 - 0.5;
      const row = (cos * dy - sin * dx) * scale + level.side / 2 - 0.5;
      if (!taken(level.data, picture, level.side, column, row, seen)) continue;
      const alpha = seen[3]!;
      if (alpha > OPAQUE) opaque++;
      if (r < 0 || c < 0 || r >= side || c >= side) continue;
      const at = r * side + c;
      for (let k = 0; k < 3; k++) {
        const place = k * side * side + at;
        colours[place] = colours[place]! * (1 - alpha) + seen[k]!;
      }
      if (alpha <= OPAQUE) continue;
      owner[at] = index;
      [x0, y0] = [Math.min(x0, c), Math.min(y0, r)];
      [x1, y1] = [Math.max(x1, c + 1), Math.max(y1, r + 1)];
    }
  const box = x0 < x1 ? { x0: x0 / side, y0: y0 / side, x1: x1 / side, y1: y1 / side } : undefined;
  return { box, opaque };
}

/** Colours and alpha at a place of a picture, bilinear between the middles of its pixels; false where there is nothing. */
function taken(
  data: Float32Array,
  from: number,
  side: number,
  column: number,
  row: number,
  into: Float32Array,
): boolean {
  if (column <= -1 || row <= -1 || column >= side || row >= side) return false;
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, down] = [column - left, row - top];
  into.fill(0);
  for (const [r, rows] of [
    [top, 1 - down],
    [top + 1, down],
  ] as const) {
    if (r < 0 || r >= side) continue;
    for (const [c, columns] of [
      [left, 1 - right],
      [left + 1, right],
    ] as const) {
      if (c < 0 || c >= side) continue;
      const at = from + (r * side + c) * 4;
      for (let k = 0; k < 4; k++) into[k]! += rows * columns * data[at + k]!;
    }
  }
  return into[3]! > 0;
}
