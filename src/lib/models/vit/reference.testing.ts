import {
  add,
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
  const l = new Loops(w, c);

  const patches = l.keep('patches', patchRows(x, c));
  let t = l.keep('patch_embed', l.linear(patches, 'patch_embed.proj', c.patchBias ?? !c.preNorm));
  const table = (prefix: number): Rows => {
    if (c.positions === 'learned') return rowsOf(w('pos_embed'), c.dim);
    return [...range(prefix).map(() => range(c.dim).map(() => 0)), ...sincosRows(s.grid, c.dim)];
  };
  const early = c.positions !== 'none' && !c.clsPosition;
  if (early) t = l.keep('pos_added', add(t, table(0)));
  const cls = (c.classToken ?? true) ? rowsOf(w('cls_token'), c.dim) : [];
  const registers = c.registers > 0 ? rowsOf(w('reg_token'), c.dim) : [];
  t = l.keep('cls_cat', [...cls, ...registers, ...t]);
  if (c.positions !== 'none' && c.clsPosition) t = add(t, table(s.prefix));
  l.keep('tokens', t);
  if (c.preNorm) t = l.keep('norm_pre', l.norm(t, 'norm_pre'));

  for (const i of range(c.depth)) t = l.block(t, `blocks.${i}`, c.layerScale);

  let features: Rows;
  if (c.pool === 'cls') {
    features = l.keep('pooled', l.keep('norm', l.norm(t, 'norm')).slice(0, 1));
  } else {
    const rest = t.slice(s.prefix);
    const mean = range(c.dim).map((j) => rest.reduce((a, r) => a + (r[j] ?? NaN), 0) / rest.length);
    features = l.keep('fc_norm', l.norm(l.keep('pooled', [mean]), 'fc_norm'));
  }
  if (c.classes > 0) l.keep('probs', l.keep('logits', l.linear(features, 'head')).map(softmax));
  return l.out;
}
