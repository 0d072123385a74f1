import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import type { TokenDocs } from './docs.ts';

/** How a sequence of tokens begins. */
export interface Beginning {
  /** Stands before the names of tensors and weights: empty, or `temporal.`. */
  readonly prefix: string;
  /** Whether a CLS token is put before the others. */
  readonly cls: boolean;
  readonly docs: TokenDocs;
  /** A scalar, the factor on the positions. */
  readonly posScale: Value | undefined;
}

/**
 * Tokens `x` `[…, n, D]` with a CLS token before them where there is one, and learned positions on all of them, the same
 * for every index of the axes before. Names: `cls_cat` (with a CLS token), `tokens`.
 */
export function withPositions(g: Graph, x: Value, { prefix, cls, docs, posScale }: Beginning): Value {
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
  const table = g.initializer(`${prefix}pos_embed`, [1, count, dim], ['1', sequence.dims[axis] ?? 'T', 'D']);
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
