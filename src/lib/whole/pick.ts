import type { Frame } from './frame.ts';
import type { Layout } from './layout.ts';
import type { Plate } from './plates.ts';
import { contains, type Point } from './rect.ts';
import { cellUnder, indexOf } from './tiles.ts';

/** What stands under a point of the drawing. */
export interface Picked {
  readonly frame: Frame | undefined;
  readonly plate: Plate | undefined;
  /** Of the cell, without a batch of one; of a weight in its stored shape. Undefined between the tiles. */
  readonly index: readonly number[] | undefined;
}

/**
 * What stands under a point.
 * @param reach how far beside a thin plate it is still meant, in units
 */
export function pickAt(
  { frames, plates }: Pick<Layout, 'frames' | 'plates'>,
  point: Point,
  reach: number,
): Picked {
  const frame = frames.find((f) => contains(f, point));
  const own = plates.filter((p) => p.group === frame?.id);
  const near = (p: Plate) => {
    const [dx, dy] = [Math.max(0, reach - p.width / 2), Math.max(0, reach - p.height / 2)];
    return { x: p.x - dx, y: p.y - dy, width: p.width + 2 * dx, height: p.height + 2 * dy };
  };
  const plate = own.find((p) => contains(p, point)) ?? own.find((p) => contains(near(p), point));
  for (const tile of plate?.tiles ?? []) {
    const cell = cellUnder(tile, point);
    if (cell) return { frame, plate, index: indexOf({ shape: shapeOf(plate!) }, tile, cell.row, cell.col) };
  }
  return { frame, plate, index: undefined };
}

/** The shape that a plate's cells are counted in. */
export const shapeOf = (plate: Plate): readonly number[] =>
  plate.kind === 'weight' ? plate.value.shape : plate.shape;
