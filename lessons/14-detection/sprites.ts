import type { Rgba } from '#lib/images/index.ts';

/** Pictures of the objects at one size: red, green and blue times alpha, and alpha, each 0 … 1. */
interface Level {
  readonly side: number;
  /** `[n, side, side, 4]` */
  readonly data: Float32Array;
}

/** Pictures of all objects, each at its whole side, at half and at a quarter of it. */
export interface Sprites {
  readonly levels: readonly Level[];
}

/** The mean of every 2 × 2 values, for pictures `[n, side, side, 4]`. */
function halved({ side, data }: Level, count: number): Level {
  const half = side / 2;
  const out = new Float32Array(count * half * half * 4);
  for (let n = 0; n < count; n++)
    for (let y = 0; y < half; y++)
      for (let x = 0; x < half; x++)
        for (let c = 0; c < 4; c++) {
          const at = ((n * side + 2 * y) * side + 2 * x) * 4 + c;
          const sum = data[at]! + data[at + 4]! + data[at + 4 * side]! + data[at + 4 * side + 4]!;
          out[((n * half + y) * half + x) * 4 + c] = sum / 4;
        }
  return { side: half, data: out };
}

/**
 * Pictures of one sheet, square by square and row by row, as `levels` of training/data/scenes.py has them without the
 * changes that training makes to colours.
 * @param sheet not multiplied by alpha
 * @param side of a picture, divisible by 4
 * @param count of pictures in the sheet
 */
export function spritesOf(sheet: Rgba, side: number, count: number): Sprites {
  const columns = sheet.width / side;
  const data = new Float32Array(count * side * side * 4);
  for (let n = 0; n < count; n++) {
    const [left, top] = [(n % columns) * side, Math.floor(n / columns) * side];
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const from = ((top + y) * sheet.width + left + x) * 4;
        const to = ((n * side + y) * side + x) * 4;
        const alpha = sheet.data[from + 3]! / 255;
        for (let c = 0; c < 3; c++) data[to + c] = (sheet.data[from + c]! / 255) * alpha;
        data[to + 3] = alpha;
      }
  }
  const whole = { side, data };
  const half = halved(whole, count);
  return { levels: [whole, half, halved(half, count)] };
}

/** The smallest picture that is not enlarged at this size in pixels; the largest where all would be. */
export function levelFor({ levels }: Sprites, pixels: number): Level {
  return levels.findLast(({ side }) => side >= pixels) ?? levels[0]!;
}
