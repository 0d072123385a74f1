import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import type { TokenDocs } from './docs.ts';
import type { Extents } from './order.ts';

/** How a sequence of tokens begins. */
export interface Beginning {
  /** Stands before the names of tensors and weights: empty, or `temporal.`. */
  readonly prefix: string;
  /** Whether a CLS token is put before the others. */
  readonly cls: boolean;
  readonly docs: TokenDocs;
  /** A scalar, the factor on the positions. */
  readonly posScale: Value | undefined;
  /** Where the tokens after the CLS token lie at several times: what changes how much their positions differ by time. */
  readonly timed?: TimedPositions | undefined;
}

/** A factor on what positions say of time, and how many times and places they are of. */
export interface TimedPositions extends Extents {
  /** A scalar. 1 keeps the positions; with 0 each place has at every time the mean of its positions. */
  readonly scale: Value;
}

/** The table `[1, (1 +) t · s, D]` with each place's positions drawn to their mean over the times; CLS keeps its own. */
function timedTable(g: Graph, table: Value, cls: boolean, { scale, times, places }: TimedPositions): Value {
  const [, count = 1, dim = 1] = table.shape;
  const own = cls ? g.slice(table, 1, 1, count) : table;
  const apart = g.reshape(own, [1, times, places, dim], ['1', 't', 's', 'D']);
  const mean = g.mean(apart, [1], true);
  const kept = g.add(mean, g.mul(g.sub(apart, mean), scale));
  const rows = g.reshape(kept, [1, times * places, dim], ['1', table.dims[1] ?? 'T', 'D']);
  return cls ? g.concat([g.slice(table, 1, 0, 1), rows], 1, { dims: table.dims }) : rows;
}

/**
 * Tokens `x` `[…, n, D]` with a CLS token before them where there is one, and learned positions on all of them, the same
 * for every index of the axes before. Names: `cls_cat` (with a CLS token), `tokens`.
 */
export function withPositions(g: Graph, x: Value, { prefix, cls, docs, posScale, timed }: Beginning): Value {
  const named = (name: string, doc: Doc) => ({ name: prefix + name, doc });
  const axis = x.shape.length - 2;
  const dim = x.shape.at(-1) ?? 1;
  let sequence = x;
  if (cls) {
    const dims = [...x.dims.slice(0, axis), 'T', 'D'];
    const one = clsToken(g, `${prefix}cls_token`, x.shape.slice(0, axis), dim);
    sequence = g.concat([one, x], axis, { ...named('cls_cat', docs.clsCat), dims });
  }
  const count = sequence.shape[axis] ?? 1;
  const learned = g.initializer(
    `${prefix}pos_embed`,
    [1, count, dim],
    ['1', sequence.dims[axis] ?? 'T', 'D'],
  );
  const table = timed ? timedTable(g, learned, cls, timed) : learned;
  return g.add(sequence, posScale ? g.mul(table, posScale) : table, named('tokens', docs.tokens));
}

/** The learned token `[1, 1, D]`, once for every index of the leading axes. */
function clsToken(g: Graph, name: string, leading: readonly number[], dim: number): Value {
  const token = g.initializer(name, [1, 1, dim], ['1', '1', 'D']);
  if (leading.length === 1 && leading[0] === 1) return token;
  const ones = leading.map(() => 1);
  const one = g.reshape(token, [...ones, 1, dim], [...ones.map(String), '1', 'D']);
  return g.expand(one, [...leading, 1, dim], [...leading.map(String), '1', 'D']);
}
