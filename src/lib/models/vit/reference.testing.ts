import {
  add,
  each,
  Loops,
  patchRows,
  range,
  rowsOf,
  sincosRows,
  softmax,
  type Rows,
  type Tensors,
  type Weights,
} from '../shared/rows.testing.ts';
import { vitSizes, type ViTConfig } from './config.ts';

/**
 * A ViT written a second time from its formulas, in double precision with plain loops, sharing nothing with the
 * graph: what tests hold the graph to. Slow; for tiny configurations.
 */
export function referenceVit(c: ViTConfig, w: Weights, x: ArrayLike<number>): Tensors {
  const s = vitSizes(c);
  const shared = c.relPositions === 'shared';
  const distances = (name: string, h: number, i: number, j: number): number => {
    const table = w(`${shared ? 'rel_pos_bias' : name}.relative_position_bias_table`);
    return table[distanceRow(s, i, j) * c.heads + h] ?? NaN;
  };
  const far = (c.relPositions ?? 'none') !== 'none' ? distances : undefined;
  const l = new Loops(
    w,
    c,
    far && ((name, ...at) => (name === 'attn_pool' ? 0 : far(name, ...at))),
    turnOf(c),
  );
  const table3 = (of: string): Rows =>
    range(c.heads).flatMap((h) =>
      range(s.tokens).map((i) => range(s.tokens).map((j) => distances(of, h, i, j))),
    );
  if (shared) l.keep('rel_pos_bias', table3(''));

  const patches = l.keep('patches', patchRows(x, c));
  let t = l.keep('patch_embed', l.linear(patches, 'patch_embed.proj', c.patchBias ?? !c.preNorm));
  const table = (prefix: number): Rows => {
    if (c.positions === 'learned') return rowsOf(w('pos_embed'), c.dim);
    return [...range(prefix).map(() => range(c.dim).map(() => 0)), ...sincosRows(s.grid, c.dim, s.columns)];
  };
  const early = c.positions !== 'none' && !c.clsPosition;
  if (early) t = l.keep('pos_added', add(t, table(0)));
  const cls = (c.classToken ?? true) ? rowsOf(w('cls_token'), c.dim) : [];
  const dist = c.distToken ? rowsOf(w('dist_token'), c.dim) : [];
  const registers = c.registers > 0 ? rowsOf(w('reg_token'), c.dim) : [];
  const first = [...cls, ...dist];
  if (c.registerPosition === false && c.registers > 0 && c.clsPosition && c.positions !== 'none') {
    t = l.keep('cls_cat', [...first, ...t]);
    t = l.keep('pos_added', add(t, table(first.length)));
    t = [...t.slice(0, first.length), ...registers, ...t.slice(first.length)];
  } else {
    t = l.keep('cls_cat', [...first, ...registers, ...t]);
    if (c.positions !== 'none' && c.clsPosition) t = add(t, table(s.prefix));
  }
  l.keep('tokens', t);
  if (c.preNorm) t = l.keep('norm_pre', l.norm(t, 'norm_pre'));

  for (const i of range(c.depth)) {
    if (far && !shared) l.keep(`blocks.${i}.attn.rel_pos_bias`, table3(`blocks.${i}.attn`));
    t = l.block(t, `blocks.${i}`, c.layerScale);
  }

  const at = c.headNorm ?? (c.pool === 'gap' ? 'after' : 'before');
  if (at !== 'after') t = l.keep('norm', l.norm(t, 'norm'));
  const rest = t.slice(s.prefix);
  const mean = range(c.dim).map((j) => rest.reduce((a, r) => a + (r[j] ?? NaN), 0) / rest.length);
  const read =
    c.pool === 'cls'
      ? t.slice(0, 1)
      : c.pool === 'gap'
        ? [mean]
        : c.pool === 'both'
          ? [[...(t[0] ?? []), ...mean]]
          : attended(l, t, c);
  let features = l.keep('pooled', read);
  if (at !== 'before') features = l.keep('fc_norm', l.norm(features, 'fc_norm'));
  if (c.preLogits) features = l.keep('pre_logits', each(l.linear(features, 'pre_logits.fc'), Math.tanh));
  if (c.projection) l.keep('proj', l.linear(features, 'proj', false));
  if (c.classes === 0) return l.out;
  let logits = l.linear(features, 'head');
  if (c.distHead) {
    const distilled = l.linear(l.keep('pooled_dist', t.slice(1, 2)), 'head_dist');
    logits = each(add(logits, distilled), (v) => v / 2);
  }
  l.keep('probs', l.keep('logits', logits).map(softmax));
  return l.out;
}

/** Pairs of values as complex numbers, multiplied by e^(iθ): θ from the place of the patch. */
function turnOf(c: ViTConfig): ((row: readonly number[], n: number) => number[]) | undefined {
  if (c.rotary === undefined || c.rotary === 'none') return undefined;
  const { grid, columns, prefix, headDim: d } = vitSizes(c);
  return (row, n) => {
    if (n < prefix) return [...row];
    const [y, x] = [Math.floor((n - prefix) / columns), (n - prefix) % columns];
    const out = [...row];
    for (let pair = 0; pair < d / 2; pair++) {
      const along = pair < d / 4 ? [y, grid] : [x, columns];
      const rate = (pair % (d / 4)) / (d / 4);
      const [at = 0, of = 1] = along;
      const theta =
        c.rotary === 'centred'
          ? (2 * Math.PI * ((at + 0.5 - of / 2) / (of / 2))) / 100 ** rate
          : (16 * at) / of / 10_000 ** rate;
      const [a, b] = c.rotary === 'centred' ? [pair, pair + d / 2] : [2 * pair, 2 * pair + 1];
      out[a] = (row[a] ?? NaN) * Math.cos(theta) - (row[b] ?? NaN) * Math.sin(theta);
      out[b] = (row[a] ?? NaN) * Math.sin(theta) + (row[b] ?? NaN) * Math.cos(theta);
    }
    return out;
  };
}

/** The row of the table of distances for two tokens: first row by row of offsets, the last three are of CLS. */
function distanceRow({ grid, columns }: { grid: number; columns: number }, i: number, j: number): number {
  const wide = 2 * columns - 1;
  const all = (2 * grid - 1) * wide;
  if (i === 0 && j === 0) return all + 2;
  if (i === 0) return all;
  if (j === 0) return all + 1;
  const place = (token: number) => [Math.floor((token - 1) / columns), (token - 1) % columns] as const;
  const [[yi, xi], [yj, xj]] = [place(i), place(j)];
  return (yi - yj + grid - 1) * wide + xi - xj + columns - 1;
}

/** One learned query's mixture of all tokens, and an MLP around which a residual connection goes. */
function attended(l: Loops, tokens: Rows, c: ViTConfig): Rows {
  const q = l.linear(rowsOf(l.w('attn_pool.latent'), c.dim), 'attn_pool.q', c.qkvBias);
  const kv = l.linear(tokens, 'attn_pool.kv', c.qkvBias);
  const merged = l.mix(
    q,
    kv.map((r) => r.slice(0, c.dim)),
    kv.map((r) => r.slice(c.dim)),
    'attn_pool',
  );
  const proj = l.keep('attn_pool.proj', l.linear(merged, 'attn_pool.proj'));
  return add(proj, l.mlp(l.keep('attn_pool.norm', l.norm(proj, 'attn_pool.norm')), 'attn_pool.mlp'));
}
