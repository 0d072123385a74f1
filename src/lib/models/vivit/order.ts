import type { As, Graph, Value } from '#lib/graph/index.ts';

/** How many tubelets lie behind one another, and beside one another. */
export interface Extents {
  readonly times: number;
  readonly places: number;
}

/** Tokens `[B, N, D]` time by time: `[B, t, s, D]`. */
export function byTime(g: Graph, x: Value, { times, places }: Extents, as?: As): Value {
  const [batch = 1, , width = 1] = x.shape;
  return g.reshape(x, [batch, times, places, width], ['B', 't', 's', x.dims[2] ?? 'D'], as);
}

/** Tokens `[B, N, D]` place by place, each over time: `[B, s, t, D]`. */
export function byPlace(g: Graph, x: Value, of: Extents): Value {
  return g.transpose(byTime(g, x, of), [0, 2, 1, 3]);
}

/** `[B, t, s, D]` as one sequence again, `[B, N, D]`. */
export function inOneRow(g: Graph, x: Value): Value {
  const [batch = 1, times = 1, places = 1, width = 1] = x.shape;
  return g.reshape(x, [batch, times * places, width], ['B', 'N', x.dims[3] ?? 'D']);
}

/** `[B, s, t, D]` as one sequence again, time by time: `[B, N, D]`. */
export function backFromPlaces(g: Graph, x: Value): Value {
  return inOneRow(g, g.transpose(x, [0, 2, 1, 3]));
}
