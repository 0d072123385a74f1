import type { Tensor } from '#lib/base/tensor.ts';
import { PATCHES, SIDE } from '#lib/notebook/classifier-sizes.ts';

/** The ways to look that the lesson sets beside one another; the two orders of linear attention are one way. */
export const KINDS = ['global', 'window', 'shifted-window', 'linear'] as const;
export type Kind = (typeof KINDS)[number];

/** A square grid of tokens cut into square windows. */
export interface WindowCut {
  /** Tokens along a side; N = grid². */
  readonly grid: number;
  /** Tokens along a side of a window; divides `grid`. */
  readonly window: number;
  /** Rows and columns by which the grid is rolled up and to the left before it is cut. */
  readonly shift: number;
}

/** Sides of windows that fill a grid, beside the grid itself: 2, 4, 7 and 14 of 28. */
export function windowsOf(grid: number): readonly number[] {
  return Array.from({ length: grid - 2 }, (_, i) => i + 2).filter((m) => grid % m === 0);
}

/** Patch sizes whose grid can be cut into windows. */
export const CUT_PATCHES: readonly number[] = PATCHES.filter((p) => windowsOf(SIDE / p).length > 0);

/** The side nearest to the wished one that fills the grid; the grid where none does. */
export function windowFor(grid: number, wished: number): number {
  const [first = grid, ...others] = windowsOf(grid);
  return others.reduce((best, m) => (Math.abs(m - wished) < Math.abs(best - wished) ? m : best), first);
}

/** How far the shifted windows are shifted; a window that is the grid is not. */
export const shiftOf = (grid: number, window: number): number => (window < grid ? Math.floor(window / 2) : 0);

/** Window of a token, and its place in it. */
export function placeOf(token: number, { grid, window, shift }: WindowCut): { window: number; at: number } {
  const row = (Math.floor(token / grid) - shift + grid) % grid;
  const column = ((token % grid) - shift + grid) % grid;
  const along = grid / window;
  return {
    window: Math.floor(row / window) * along + Math.floor(column / window),
    at: (row % window) * window + (column % window),
  };
}

/** Token at a place of a window: the inverse of `placeOf`. */
export function tokenOf(index: number, at: number, { grid, window, shift }: WindowCut): number {
  const along = grid / window;
  const row = Math.floor(index / along) * window + Math.floor(at / window);
  const column = (index % along) * window + (at % window);
  return ((row + shift) % grid) * grid + ((column + shift) % grid);
}

/** Patch tokens of a tensor `[h, T, d]` without what stands before them: `[h, N, d]`, N = grid². */
export function patchRows({ shape, data }: Pick<Tensor, 'shape' | 'data'>, grid: number): Float32Array {
  const [heads = 1, tokens = 1, d = 1] = shape;
  const count = grid * grid;
  const out = new Float32Array(heads * count * d);
  for (let h = 0; h < heads; h++) {
    const end = (h + 1) * tokens * d;
    out.set(data.subarray(end - count * d, end), h * count * d);
  }
  return out;
}
