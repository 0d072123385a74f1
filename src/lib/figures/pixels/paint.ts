/** A small picture as its tensor holds it: `[channels, rows, cols]`, one plane a colour; 1 channel is painted grey. */
export interface PixelShape {
  readonly channels: 1 | 3;
  readonly rows: number;
  readonly cols: number;
}

/** The values that are black and white. Pixel models live in [−1, 1]. */
export type PixelRange = readonly [black: number, white: number];
export const PIXEL_RANGE: PixelRange = [-1, 1];

/**
 * The shape of a square picture from its number of values: 3·S·S, or S·S for a grey one.
 * @throws RangeError when it is neither
 */
export function squareShape(length: number): PixelShape {
  for (const channels of [3, 1] as const) {
    const side = Math.sqrt(length / channels);
    if (Number.isInteger(side) && side > 0) return { channels, rows: side, cols: side };
  }
  throw new RangeError(`${length} values are no square picture of 3 channels or 1.`);
}

/**
 * Paints values as RGBA bytes; what lies outside the range gets its nearest end.
 * @param out `[rows · cols · 4]`
 * @returns how many values lay outside the range (NaN counts, and is painted black)
 */
export function paintPixels(
  out: Uint8ClampedArray,
  values: ArrayLike<number>,
  { channels, rows, cols }: PixelShape,
  [black, white]: PixelRange = PIXEL_RANGE,
): number {
  const plane = rows * cols;
  const scale = 255 / (white - black || 1);
  let outside = 0;
  for (let c = 0; c < 3; c++) {
    const from = channels === 3 ? c * plane : 0;
    for (let i = 0; i < plane; i++) {
      const v = values[from + i]!;
      if (!(v >= black && v <= white) && (channels === 3 || c === 0)) outside++;
      out[4 * i + c] = (v - black) * scale;
    }
  }
  for (let i = 0; i < plane; i++) out[4 * i + 3] = 255;
  return outside;
}

/** The values of one pixel, one a channel. */
export function pixelAt(
  values: ArrayLike<number>,
  { channels, rows, cols }: PixelShape,
  row: number,
  col: number,
): number[] {
  return Array.from({ length: channels }, (_, c) => values[(c * rows + row) * cols + col] ?? NaN);
}

/** A pixel by row and column, from 0. */
export type PixelPlace = readonly [row: number, col: number];

/** Where an arrow key leads from a pixel (with Shift by eight), kept inside; undefined for any other key. */
export function pixelByKey(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  [row, col]: PixelPlace,
  { rows, cols }: Pick<PixelShape, 'rows' | 'cols'>,
): PixelPlace | undefined {
  const by = shiftKey ? 8 : 1;
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-by, 0],
    ArrowDown: [by, 0],
    ArrowLeft: [0, -by],
    ArrowRight: [0, by],
  };
  const move = moves[key];
  if (!move) return undefined;
  const within = (v: number, n: number) => Math.min(n - 1, Math.max(0, v));
  return [within(row + move[0], rows), within(col + move[1], cols)];
}
