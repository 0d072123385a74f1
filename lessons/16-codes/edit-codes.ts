import type { CodeStep } from '#lib/programs/codes-to-picture/call.ts';
import { gridsOf, type CodeGridPlace } from './grids.ts';
import { GRID } from './model.ts';
import type { OrderName } from './names.ts';

/** One code of a finished picture that is changed. */
export interface CodeEdit {
  readonly order: OrderName;
  /** The place in its grid, row by row; beyond the last of a small grid it is the last. */
  readonly at: number;
  /** Of `scales`: which of the grids. */
  readonly scale: number;
  /** Of `masked`: how many places around it are written anew, in each direction. */
  readonly reach: number;
}

/** The grid that an edit is in. */
export function gridOf({ order, scale }: Pick<CodeEdit, 'order' | 'scale'>): CodeGridPlace {
  const grids = gridsOf(order);
  return grids[order === 'scales' ? scale : 0] ?? grids[0] ?? { side: GRID, start: 0 };
}

/** The changed place among all N codes. */
export function indexOf(edit: CodeEdit): number {
  const { side, start } = gridOf(edit);
  return start + Math.min(edit.at, side * side - 1);
}

/**
 * What stands fast when one code is changed, and null where the network writes anew: raster, the codes after it; scales, the
 * grids after its own; masked, the places around it.
 * @param codes all of the finished picture. @param put the code that takes the place
 */
export function givenOf(edit: CodeEdit, codes: ArrayLike<number>, put: number): readonly (number | null)[] {
  const index = indexOf(edit);
  const { side, start } = gridOf(edit);
  const end = start + side * side;
  const stays = (place: number): boolean => {
    if (edit.order === 'raster') return place < index;
    if (edit.order === 'scales') return place < end;
    const apart = Math.max(
      Math.abs(Math.floor(place / side) - Math.floor(index / side)),
      Math.abs((place % side) - (index % side)),
    );
    return apart > edit.reach;
  };
  return Array.from(codes, (code, place) => (place === index ? put : stays(place) ? code : null));
}

/** How likely a code was at a place. */
export interface Likely {
  readonly code: number;
  readonly p: number;
}

/** The codes that were likeliest at a place when it was chosen, but for the one that was; at most `many`. */
export function likeliest(
  steps: readonly Pick<CodeStep, 'places' | 'asked' | 'logs'>[],
  place: number,
  chosen: number,
  many: number,
): readonly Likely[] {
  const step = steps.find(({ places }) => places.includes(place));
  const row = step?.asked.indexOf(place) ?? -1;
  if (!step || row < 0) return [];
  const count = step.logs.length / step.asked.length;
  return Array.from(step.logs.subarray(row * count, (row + 1) * count), (log, code) => ({
    code,
    p: Math.exp(log),
  }))
    .filter(({ code, p }) => code !== chosen && p > 0)
    .sort((a, b) => b.p - a.p || a.code - b.code)
    .slice(0, many);
}
