/** An 8-bit picture, rows from the top, four bytes a pixel (red, green, blue, alpha), as `ImageData` has it. */
export interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** What was done to a picture on the way in, so that the reader can be told. */
export type ImageNote =
  /** It was an animation; this is its first frame. */
  | 'first-frame'
  /** It had transparent parts; they lie on white. */
  | 'on-white'
  /** It had more pixels than are useful and was scaled down while being decoded. */
  | 'scaled-down'
  /** It was in printing inks (CMYK); every program has red, green and blue of its own for those. */
  | 'inks';

/** A picture as it came in: upright, opaque, sRGB. */
export interface DecodedImage extends Rgba {
  readonly notes: readonly ImageNote[];
  /** The file's own size in pixels, upright. Larger than `width` × `height` when it was scaled down. */
  readonly original: { readonly width: number; readonly height: number };
}

/** Pixels a decoded picture may have, 2²⁴: a canvas of some phones can't hold more, and a model looks at 2¹⁶. */
export const MAX_PIXELS = 2 ** 24;
/** Pixels a file may claim. More than any camera's, and one byte each more than a browser's picture may take. */
export const MAX_SOURCE_PIXELS = 2 ** 28;
/** Bytes a file may have. */
export const MAX_FILE_BYTES = 200_000_000;

/** The size within `MAX_PIXELS` with the same proportions, at least one pixel each way. */
export function withinPixels(
  width: number,
  height: number,
  most = MAX_PIXELS,
): { width: number; height: number } {
  if (width * height <= most) return { width, height };
  const scale = Math.sqrt(most / (width * height));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/**
 * Lays a picture on white, in place: `value · α + 255 · (1 − α)`, rounded.
 * @returns whether any pixel was not opaque
 */
export function layOnWhite(data: Uint8ClampedArray): boolean {
  let changed = false;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 255) continue;
    changed = true;
    for (let c = i; c < i + 3; c++) data[c] = (data[c]! * alpha + 255 * (255 - alpha)) / 255;
    data[i + 3] = 255;
  }
  return changed;
}

/**
 * How many times larger the model sees the picture than it is: the side of the square over the picture's shorter side.
 * Above 1 the picture is blown up and holds no detail that small patches could show.
 */
export function enlargement(
  picture: { readonly width: number; readonly height: number },
  size: number,
): number {
  return size / Math.min(picture.width, picture.height);
}
