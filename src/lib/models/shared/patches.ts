import type { As, Graph, Value } from '#lib/graph/index.ts';
import { affine } from './layers.ts';

/** A square picture cut into square patches. */
export interface Cut {
  readonly image: number;
  readonly channels: number;
  readonly patch: number;
}

/** Patches along one side; what does not fill a patch at the right and bottom is dropped. */
export function gridOf(c: Cut): number {
  return Math.floor(c.image / c.patch);
}

/** `x` `[B, C, H, W]` cut into patches `[B, N, P]`, each flattened as (channel, row, column). */
export function patchify(g: Graph, x: Value, c: Cut, as: As): Value {
  const grid = gridOf(c);
  const used = grid * c.patch;
  const [batch = 1] = x.shape;
  const p = c.patch;
  let whole = x;
  if (used < c.image) whole = g.slice(g.slice(x, 2, 0, used), 3, 0, used);
  const cut = g.reshape(whole, [batch, c.channels, grid, p, grid, p], ['B', 'C', 'gh', 'p', 'gw', 'p']);
  const ordered = g.transpose(cut, [0, 2, 4, 1, 3, 5]);
  const shape = [batch, grid * grid, c.channels * p * p];
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
  const grid = gridOf(c);
  const p = c.patch;
  const [batch = 1] = rows.shape;
  const cut = g.reshape(rows, [batch, grid, grid, p, p, c.channels], ['B', 'gh', 'gw', 'p', 'p', 'C']);
  const ordered = g.transpose(cut, [0, 5, 1, 3, 2, 4]);
  return g.reshape(ordered, [batch, c.channels, grid * p, grid * p], ['B', 'C', 'H', 'W'], as);
}
