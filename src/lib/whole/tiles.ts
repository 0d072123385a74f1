import { sizeOf, type Dims } from '#lib/base/tensor.ts';
import type { Box } from '#lib/graph/index.ts';
import type { Point, Rect } from './rect.ts';

/**
 * A plane of a tensor as it is drawn: one unit a cell. The value of row r and column c lies at
 * `offset + r · rowStride + c · colStride` of the tensor's data; of a picture's cell the other channels follow at
 * `planeStride`.
 */
export interface Tile extends Rect {
  readonly rows: number;
  readonly cols: number;
  readonly offset: number;
  readonly rowStride: number;
  readonly colStride: number;
  /** Of a picture: channels of a cell, 1 or 3, and how far apart they lie. */
  readonly planes?: number;
  readonly planeStride?: number;
  /** Which dimensions run down and which run across; each list from the outer to the inner one. */
  readonly down: readonly number[];
  readonly across: readonly number[];
  /** The place along a leading dimension, of one tile among several. */
  readonly lead?: { readonly dim: number; readonly at: number };
}

/** Units between the tiles of one tensor (its heads), by the height of a tile. */
export const tileGap = (rows: number): number => Math.max(4, Math.round(rows * 0.06));

const tile = (rows: number, cols: number, rest: Omit<Tile, keyof Rect | 'rows' | 'cols'>, y = 0): Tile => ({
  x: 0,
  y,
  width: cols,
  height: rows,
  rows,
  cols,
  ...rest,
});

/** A picture's channels lie over one another: red, green and blue, or shades of grey. */
const isPicture = ({ shape, dims }: Dims) =>
  shape.length === 3 && dims[0] === 'C' && (shape[0] === 3 || shape[0] === 1);

/**
 * A tensor as planes, its upper left corner at 0, 0: the last two dimensions down and across, a vector as one row, a
 * picture in its colours, and the planes of a third dimension (heads) one below the other.
 * @param of without a batch of one
 */
export function tilesOf(of: Dims): readonly Tile[] {
  const { shape } = of;
  const cols = shape.at(-1) ?? 1;
  const rows = shape.at(-2) ?? 1;
  const rank = shape.length;
  if (isPicture(of)) {
    const picture = { planes: shape[0]!, planeStride: rows * cols, down: [1], across: [2] };
    return [tile(rows, cols, { offset: 0, rowStride: cols, colStride: 1, ...picture })];
  }
  const plane = {
    rowStride: cols,
    colStride: 1,
    down: rank > 1 ? [rank - 2] : [],
    across: rank > 0 ? [rank - 1] : [],
  };
  if (rank <= 2) return [tile(rows, cols, { offset: 0, ...plane })];
  const count = sizeOf(shape.slice(0, -2));
  const step = rows + tileGap(rows);
  return Array.from({ length: count }, (_, i) =>
    tile(
      rows,
      cols,
      { offset: i * rows * cols, ...plane, ...(count > 1 && { lead: { dim: rank - 3, at: i } }) },
      i * step,
    ),
  );
}

/**
 * A weight that is multiplied with, `[out, in]` or a convolution's `[out, C, kh, kw]`, as the matrix that stands over its
 * product: inputs down, outputs across, so that a column of the product lies under the column it is computed with.
 */
export function matrixTiles({ shape }: Dims): readonly Tile[] {
  const [out = 1, ...inner] = shape;
  const rows = sizeOf(inner);
  const down = inner.map((_, i) => i + 1);
  return [tile(rows, out, { offset: 0, rowStride: 1, colStride: rows, down, across: [0] })];
}

/** The index of a cell, one number a dimension; a picture's cell has that of its first channel. */
export function indexOf({ shape }: Pick<Dims, 'shape'>, of: Tile, row: number, col: number): number[] {
  let flat = of.offset + row * of.rowStride + col * of.colStride;
  const index: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    const size = shape[d] ?? 1;
    index.unshift(flat % size);
    flat = Math.floor(flat / size);
  }
  return index;
}

/** Where a cell is drawn; undefined where the tile does not hold it. The first channel stands for a picture's cell. */
export function cellRect(
  { shape }: Pick<Dims, 'shape'>,
  of: Tile,
  index: readonly number[],
): Rect | undefined {
  const [rect] = boxRects(
    { shape },
    [of],
    index.map((i) => [i, i + 1] as const),
  );
  return rect;
}

/** The row and the column of a point of the drawing; undefined beside the tile. */
export function cellUnder(
  of: Tile,
  [x, y]: Point,
): { readonly row: number; readonly col: number } | undefined {
  const row = Math.floor(y - of.y);
  const col = Math.floor(x - of.x);
  return row >= 0 && col >= 0 && row < of.rows && col < of.cols ? { row, col } : undefined;
}

/** Where a box of cells is drawn: one rectangle on each tile that has a part of it. */
export function boxRects({ shape }: Pick<Dims, 'shape'>, tiles: readonly Tile[], box: Box): readonly Rect[] {
  /** A range of places along several dimensions taken together. */
  const range = (dims: readonly number[]): readonly [number, number] => {
    let [from, last] = [0, 0];
    for (const d of dims) {
      const [a, b] = box[d] ?? [0, 1];
      from = from * (shape[d] ?? 1) + a;
      last = last * (shape[d] ?? 1) + b - 1;
    }
    return [from, last + 1];
  };
  return tiles.flatMap((t) => {
    if (t.lead) {
      const [a, b] = box[t.lead.dim] ?? [0, 1];
      if (t.lead.at < a || t.lead.at >= b) return [];
    }
    const [top, end] = range(t.down);
    const [left, stop] = range(t.across);
    return [{ x: t.x + left, y: t.y + top, width: stop - left, height: end - top }];
  });
}
