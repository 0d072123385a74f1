import { cellOperands } from '#lib/graph/cells.ts';
import type { Graph } from '#lib/graph/graph.ts';
import type { Outline } from '#lib/graph/outline.ts';
import type { Tensor } from '#lib/base/tensor.ts';

/** Key of an edge in a set. */
export const edgeKey = (from: string, to: string) => `${from} → ${to}`;

/**
 * The edges along which a token goes its own way: the row of one token in `to` is computed from that token's row of
 * `from` alone. Along the others it takes from every token. Read from the graph's own rule of what a cell is made of,
 * for two columns at the far ends of the result.
 */
export function ownPath(graph: Graph, { edges }: Outline): ReadonlySet<string> {
  const own = new Set<string>();
  for (const { from, to } of edges) {
    const value = graph.value(to);
    const row = value.dims.indexOf('T');
    const column = graph.value(from).dims.indexOf('T');
    if (row < 0 || column < 0 || (value.shape[row] ?? 0) < 3) continue;
    const token = 1;
    const alone = [0, 1].every((end) => {
      const index = value.shape.map((n, d) => (d === row ? token : end * (n - 1)));
      return cellOperands(graph, to, index)
        .filter((o) => o.name === from)
        .every(({ ranges }) => ranges[column]?.[0] === token && ranges[column]?.[1] === token + 1);
    });
    if (alone) own.add(edgeKey(from, to));
  }
  return own;
}

/**
 * What a tensor holds of one token: its row of `[T, D]`, its rows in all heads of `[h, T, d]` and `[h, T, T]`, one head
 * after the other. Undefined where no dimension counts tokens or the token is not there.
 */
export function rowOf({ shape, dims, data }: Tensor, token: number): Float32Array | undefined {
  const at = dims.indexOf('T');
  const tokens = shape[at] ?? 0;
  if (at < 0 || token < 0 || token >= tokens) return undefined;
  const inner = shape.slice(at + 1).reduce((a, b) => a * b, 1);
  const outer = shape.slice(0, at).reduce((a, b) => a * b, 1);
  if (outer === 1) return data.subarray(token * inner, (token + 1) * inner);
  const row = new Float32Array(outer * inner);
  for (let o = 0; o < outer; o++) {
    const from = (o * tokens + token) * inner;
    row.set(data.subarray(from, from + inner), o * inner);
  }
  return row;
}
