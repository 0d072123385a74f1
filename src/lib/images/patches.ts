import type { Rgba } from './rgba.ts';

/** How a square picture of `size` pixels falls apart into patches of `patch` pixels. */
export interface PatchGeometry {
  readonly rows: number;
  readonly cols: number;
  /** Patches in all, N = rows · cols. */
  readonly count: number;
  /** Pixels a side that lie in a patch. */
  readonly used: number;
  /** Pixels a side, at the right and the bottom, that lie in none: a convolution of stride `patch` never reaches them. */
  readonly remainder: number;
}

/** @throws RangeError when `patch` is no whole number from 1 to `size` */
export function patchGeometry(size: number, patch: number): PatchGeometry {
  if (!Number.isInteger(patch) || patch < 1 || patch > size) {
    throw new RangeError(`patch ${patch}: a whole number from 1 to ${size} is needed`);
  }
  const rows = Math.floor(size / patch);
  return { rows, cols: rows, count: rows * rows, used: rows * patch, remainder: size - rows * patch };
}

/**
 * In which order a patch's values stand in its row: `crc` (channel, row, column), the order of convolution weights and
 * of this model; `rcc` (row, column, channel), the order in which MAE, DiT and U-ViT write their outputs.
 */
export type FlattenOrder = 'crc' | 'rcc';

/** Where a value of a patch lies in its flattened row. Row, column and channel count from 0. */
export function flattenIndex(
  row: number,
  col: number,
  channel: number,
  patch: number,
  order: FlattenOrder,
): number {
  return order === 'crc' ? (channel * patch + row) * patch + col : (row * patch + col) * 3 + channel;
}

/** The pixel and channel that a place of the flattened row holds; the inverse of `flattenIndex`. */
export function unflattenIndex(
  index: number,
  patch: number,
  order: FlattenOrder,
): { row: number; col: number; channel: number } {
  if (order === 'rcc') {
    const pixel = Math.floor(index / 3);
    return { row: Math.floor(pixel / patch), col: pixel % patch, channel: index % 3 };
  }
  const inPlane = index % (patch * patch);
  return {
    row: Math.floor(inPlane / patch),
    col: inPlane % patch,
    channel: Math.floor(index / (patch * patch)),
  };
}

/** A model input: `[3, size, size]`, one plane a colour. */
export interface Planes {
  readonly size: number;
  readonly data: Float32Array;
}

/**
 * One patch as a row of `patch · patch · 3` values.
 * @param picture a picture (values 0 … 255) or a model input (its own values)
 * @param row @param col the patch's place in the grid, from 0
 * @throws RangeError when the patch reaches over the picture's edge
 */
export function flattenPatch(
  picture: Rgba | Planes,
  row: number,
  col: number,
  patch: number,
  order: FlattenOrder,
): Float32Array {
  const planes = 'size' in picture;
  const width = planes ? picture.size : picture.width;
  const height = planes ? picture.size : picture.height;
  if (row < 0 || col < 0 || (row + 1) * patch > height || (col + 1) * patch > width) {
    throw new RangeError(`patch (${row}, ${col}) of ${patch} pixels does not lie in ${width} × ${height}`);
  }
  const out = new Float32Array(patch * patch * 3);
  for (let r = 0; r < patch; r++) {
    for (let c = 0; c < patch; c++) {
      const pixel = (row * patch + r) * width + col * patch + c;
      for (let channel = 0; channel < 3; channel++) {
        const value = planes
          ? picture.data[channel * width * height + pixel]!
          : picture.data[pixel * 4 + channel]!;
        out[flattenIndex(r, c, channel, patch, order)] = value;
      }
    }
  }
  return out;
}
