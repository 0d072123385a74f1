import type { As, Graph, Value } from '#lib/graph/index.ts';
import { affine } from './layers.ts';

/** A picture cut into square patches. */
export interface Cut {
  /** Its height, and its width where `imageWidth` says no other. */
  readonly image: number;
  readonly imageWidth?: number;
  readonly channels: number;
  readonly patch: number;
}

/** Patches along the left side, and along the upper one; what does not fill a patch at the right and bottom is dropped. */
export function gridOf(
  c: Pick<Cut, 'image' | 'imageWidth' | 'patch'>,
): readonly [rows: number, columns: number] {
  return [Math.floor(c.image / c.patch), Math.floor((c.imageWidth ?? c.image) / c.patch)];
}

/** The fixed table of positions of these patches, with so many rows of zeros before them. */
export function fixedTable(c: Pick<Cut, 'image' | 'imageWidth' | 'patch'>, dim: number, before: number) {
  const [rows, columns] = gridOf(c);
  return { rows, columns, dim, before };
}

/** `x` `[B, C, H, W]` cut into patches `[B, N, P]`, each flattened as (channel, row, column). */
export function patchify(g: Graph, x: Value, c: Cut, as: As): Value {
  const [rows, columns] = gridOf(c);
  const [batch = 1] = x.shape;
  const p = c.patch;
  let whole = x;
  if (rows * p < c.image || columns * p < (c.imageWidth ?? c.image)) {
    whole = g.slice(g.slice(x, 2, 0, rows * p), 3, 0, columns * p);
  }
  const cut = g.reshape(whole, [batch, c.channels, rows, p, columns, p], ['B', 'C', 'gh', 'p', 'gw', 'p']);
  const ordered = g.transpose(cut, [0, 2, 4, 1, 3, 5]);
  const shape = [batch, rows * columns, c.channels * p * p];
  return g.reshape(ordered, shape, ['B', 'N', 'P'], as);
}

/** `patches · Wᵀ + b` with the weight of a stride-p convolution, `module.weight` `[D, C, p, p]`. */
export function embed(
  g: Graph,
  patches: Value,
  c: Cut & { readonly dim: number },
  module: string,
  as: As,
  bias = true,
): Value {
  const kernel = g.initializer(
    `${module}.weight`,
    [c.dim, c.channels, c.patch, c.patch],
    ['D', 'C', 'p', 'p'],
  );
  const rows = g.reshape(kernel, [c.dim, c.channels * c.patch ** 2], ['D', 'P']);
  return affine(g, patches, rows, bias ? g.initializer(`${module}.bias`, [c.dim], ['D']) : undefined, as);
}

/** Rows `[B, N, p²·C]`, each flattened as (row, column, channel), put together to `[B, C, H, W]`. */
export function unpatchify(g: Graph, rows: Value, c: Cut, as: As): Value {
  const [high, wide] = gridOf(c);
  const p = c.patch;
  const [batch = 1] = rows.shape;
  const cut = g.reshape(rows, [batch, high, wide, p, p, c.channels], ['B', 'gh', 'gw', 'p', 'p', 'C']);
  const ordered = g.transpose(cut, [0, 5, 1, 3, 2, 4]);
  return g.reshape(ordered, [batch, c.channels, high * p, wide * p], ['B', 'C', 'H', 'W'], as);
}
