import { VAR_CONFIG } from './model.ts';
import type { OrderName } from './names.ts';
import { GRID, PLACES } from './model.ts';

/** One grid of a picture's codes: its side, and where its codes begin among all N. */
export interface CodeGridPlace {
  readonly side: number;
  readonly start: number;
}

/** The grids of an order, from coarse to fine; one where there are no scales. */
export function gridsOf(order: OrderName): readonly CodeGridPlace[] {
  if (order !== 'scales') return [{ side: GRID, start: 0 }];
  let start = 0;
  return VAR_CONFIG.scales.map((side) => {
    const grid = { side, start };
    start += side * side;
    return grid;
  });
}

/** Codes of a picture of an order. */
export const codesOf = (order: OrderName): number =>
  order === 'scales' ? VAR_CONFIG.scales.reduce((sum, side) => sum + side * side, 0) : PLACES;

/** The finest grid of which a code is known; the first where none is. */
export function newestGrid(order: OrderName, codes: Int32Array | undefined): CodeGridPlace {
  const grids = gridsOf(order);
  const known = grids.filter(({ start }) => (codes?.[start] ?? -1) >= 0);
  // Of one grid the first place may be unknown while others are not.
  return known.at(-1) ?? grids[0] ?? { side: GRID, start: 0 };
}
