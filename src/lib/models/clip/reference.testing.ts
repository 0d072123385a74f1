import {
  add,
  dot,
  Loops,
  range,
  rowsOf,
  softmax,
  type Rows,
  type Tensors,
  type Weights,
} from '../shared/rows.testing.ts';
import { referenceVit } from '../vit/reference.testing.ts';
import { vitConfig } from '../vit/config.ts';
import { stemOf, wholeConfig, type CLIPConfig } from './config.ts';

const prefixed = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, values]) => [prefix + name, values]));

const unit = (row: readonly number[]): number[] => row.map((v) => v / Math.hypot(...row));
const product = (rows: Rows, weight: Rows): Rows => rows.map((row) => weight.map((w) => dot(row, w)));

/** The picture tower: a ViT whose features are projected. */
function picture(c: CLIPConfig, w: Weights, x: ArrayLike<number>): Tensors {
  const { gelu } = wholeConfig(c);
  const { heads, depth, mlpRatio } = c;
  const own = vitConfig({
    ...stemOf(c),
    heads,
    depth,
    mlpRatio,
    gelu: gelu === 'sigmoid' ? 'erf' : gelu,
    classes: 0,
  });
  // The reference of a ViT knows two of the three; its loops know all.
  const tower = referenceVit({ ...own, gelu: gelu as 'erf' }, w, x);
  const proj = product([tower.pooled!], rowsOf(w('proj.weight'), c.dim));
  return { ...tower, proj: proj.flat(), embedding: proj.flatMap(unit) };
}

/** The text tower, for one text. */
function text(c: CLIPConfig, w: Weights, ids: readonly number[]): Tensors {
  const { gelu, end } = wholeConfig(c);
  const l = new Loops(w, { heads: c.textHeads, qkvBias: true, normEps: c.normEps, gelu, causal: true });
  const table = rowsOf(w('token_embedding.weight'), c.textDim);
  const words = l.keep(
    'token_embedding',
    ids.map((id) => table[id]!),
  );
  let t = l.keep('tokens', add(words, rowsOf(w('positional_embedding'), c.textDim)));
  for (const i of range(c.textDepth)) t = l.block(t, `blocks.${i}`);
  l.keep('last_hidden_state', l.norm(t, 'ln_final'));
  const pooled = l.keep('pooled', [t[ids.indexOf(end)]!]);
  const last = l.keep('ln_final', l.norm(pooled, 'ln_final'));
  const proj = l.keep('text_projection', l.linear(last, 'text_projection', false));
  l.keep('embedding', proj.map(unit));
  return l.out;
}

/**
 * A CLIP written a second time from its formulas, in double precision with plain loops: what tests hold the graph to.
 * @param x one picture @param texts rows of ids
 */
export function referenceClip(
  c: CLIPConfig,
  w: Weights,
  x: ArrayLike<number>,
  texts: readonly (readonly number[])[],
): Tensors {
  const seen = picture(c, (name) => w(`visual.${name}`), x);
  const each = texts.map((ids) => text(c, (name) => w(`text.${name}`), ids));
  const read = Object.fromEntries(
    Object.keys(each[0]!).map((name) => [name, each.flatMap((tensors) => tensors[name]!)]),
  );
  const scale = Math.exp(w('logit_scale')[0]!);
  const logits = each.map(({ embedding }) => scale * dot(seen.embedding!, embedding!));
  return { ...prefixed('visual.', seen), ...prefixed('text.', read), logits, probs: softmax(logits) };
}
