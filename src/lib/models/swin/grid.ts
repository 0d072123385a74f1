import type { As, Graph, Value } from '#lib/graph/index.ts';
import { flipped } from '../shared/attention.ts';

/** Tokens `[B, N, C]` as pictures `[B, C, gh, gw]`: a channel's numbers at their places on the grid. */
export function asPictures(g: Graph, x: Value, grid: number): Value {
  const [batch = 1, , width = 1] = x.shape;
  return g.reshape(flipped(g, x), [batch, width, grid, grid], ['B', x.dims[2] ?? 'D', 'gh', 'gw']);
}

/** Pictures `[B, C, gh, gw]` as tokens `[B, N, C]`, row by row. */
export function asTokens(g: Graph, x: Value, dim: string, as: As): Value {
  const [batch = 1, width = 1, rows = 1, columns = 1] = x.shape;
  return g.transpose(g.reshape(x, [batch, width, rows * columns], ['B', dim, 'N']), [0, 2, 1], as);
}
