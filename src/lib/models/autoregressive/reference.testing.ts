import { add, Loops, range, rowsOf, type Rows, type Tensors, type Weights } from '../shared/rows.testing.ts';
import type { AutoregressiveConfig } from './config.ts';

/** What one picture's forward pass is given: codes, or of scales the sums of those before. */
export interface Fed {
  readonly context: ArrayLike<number>;
  readonly y: number;
  readonly known: ArrayLike<number>;
}

/**
 * The network written a second time from its formulas, in double precision with plain loops, sharing nothing with the graph.
 * Slow; for tiny configurations.
 */
export function referenceCodes(c: AutoregressiveConfig, w: Weights, { context, y, known }: Fed): Tensors {
  const scale = c.sides.flatMap((side, k) => range(side * side).map(() => k));
  const text = c.contextTokens;
  /** A token sees those of its level and of lower ones. */
  const level = (i: number): number => {
    if (c.order === 'masked') return 0;
    return c.order === 'raster' ? i : i < text ? 0 : (scale[i - text] ?? NaN);
  };
  const l = new Loops(w, c, (_, __, i, j) => (level(j) > level(i) ? -Infinity : 0));
  const words =
    text > 0 ? l.keep('context_tokens', l.linear(rowsOf(context, c.contextDim), 'context_embed')) : [];
  const style = l.keep('label_token', [rowsOf(w('label_emb.weight'), c.dim)[y] ?? []]);
  const table = (): Rows => rowsOf(w('code_embed.weight'), c.dim);
  const codes =
    c.order === 'scales'
      ? l.keep('code_proj', l.linear(rowsOf(known, c.entryDim), 'code_proj'))
      : l.keep(
          'code_embed',
          Array.from(known, (code) => table()[code] ?? []),
        );
  let h = add(l.keep('token_cat', [...words, ...style, ...codes]), rowsOf(w('pos_embed'), c.dim));
  if (c.order === 'scales') {
    const own = rowsOf(w('level_embed.weight'), c.dim);
    l.keep('positioned', h);
    h = h.map((row, i) => row.map((v, d) => v + (i < text ? 0 : (own[scale[i - text] ?? NaN]?.[d] ?? NaN))));
  }
  l.keep('tokens', h);
  for (const i of range(c.depth)) h = l.block(h, `blocks.${i}`);
  const norm = l.keep('norm', l.norm(h, 'norm'));
  const hidden = l.keep('hidden', norm.slice(norm.length - scale.length));
  l.keep('logits', l.linear(hidden, 'head'));
  return l.out;
}
