import type { As, Doc, Graph, Value } from '#lib/graph/index.ts';
import { layerNorm, linear } from './layers.ts';

/** Docs of attention's tensors by the last part of their names. */
export type AttentionDocs = Readonly<Partial<Record<AttentionPart, Doc>>>;
export type AttentionPart =
  | 'qkv'
  | 'q'
  | 'k'
  | 'v'
  | 'q_norm'
  | 'k_norm'
  | 'q_rot'
  | 'k_rot'
  | 'scores'
  | 'probs'
  | 'out'
  | 'merged'
  | 'norm'
  | 'proj';

/** What may be changed while attention runs. */
export interface AttentionIntervention {
  /** `[1, h, 1, 1]`: factor on each head's output. */
  readonly headMask: Value;
  /** `[T]`: added to the scores of a key. */
  readonly keyBias?: Value;
  /** A scalar: factor on the scores inside the softmax. */
  readonly sharpness: Value;
}

export interface AttentionOptions {
  readonly heads: number;
  readonly qkvBias: boolean;
  readonly docs?: AttentionDocs;
  readonly intervention?: AttentionIntervention;
  /** ε of a LayerNorm on the queries and keys of each head, `name.q_norm` and `name.k_norm` (timm's `qk_norm`). */
  readonly qkNorm?: number;
  /** ε of a LayerNorm on the heads' outputs side by side, before the last layer: `name.norm` (EVA-CLIP). */
  readonly outNorm?: number;
  /** What is made of queries and keys, after that norm: they are turned by their places, `name.q_rot` and `name.k_rot`. */
  readonly turned?: (x: Value, as: As) => Value;
  /** What is made of the scores before the softmax: a bias or a mask is added. */
  readonly before?: (scores: Value) => Value;
}

const namer =
  (name: string, docs: AttentionDocs = {}) =>
  (part: AttentionPart) => {
    const doc = docs[part];
    return { name: `${name}.${part}`, ...(doc && { doc }) };
  };

/** `parts` times `[…, h, T, d]` out of `[…, T, parts·D]`: rows of the projection are part-major, then head-major. */
export function intoHeads(g: Graph, x: Value, parts: number, heads: number): Value {
  const rows = x.shape.slice(0, -1);
  const shape = [...rows, parts, heads, (x.shape.at(-1) ?? 1) / parts / heads];
  const cut = g.reshape(x, shape, [...x.dims.slice(0, -1), String(parts), 'h', 'd']);
  const token = rows.length - 1;
  const leading = rows.slice(0, -1).map((_, i) => i);
  return g.transpose(cut, [token + 1, ...leading, token + 2, token, token + 3]);
}

/** `[…, h, T, d]` to `[…, T, h·d]`: the heads of a token side by side. */
export function mergeHeads(g: Graph, x: Value, as: As): Value {
  const leading = x.shape.slice(0, -3).map((_, i) => i);
  const at = leading.length;
  const [heads = 1, tokens = 1, d = 1] = x.shape.slice(-3);
  const rows = g.transpose(x, [...leading, at + 1, at, at + 2]);
  const dims = [...x.dims.slice(0, -3), x.dims.at(-2) ?? 'T', 'D'];
  return g.reshape(rows, [...x.shape.slice(0, -3), tokens, heads * d], dims, as);
}

/** A matrix, or each of many, with rows and columns exchanged. */
export function flipped(g: Graph, x: Value): Value {
  const last = x.shape.length - 1;
  return g.transpose(x, [...x.shape.slice(0, -2).map((_, i) => i), last, last - 1]);
}

/** From queries, keys and values `[…, h, ·, d]` to the projected output `[…, T, D]`. */
function attend(
  g: Graph,
  [q, k, v]: readonly [Value, Value, Value],
  name: string,
  { docs, intervention, before, outNorm }: AttentionOptions,
): Value {
  const as = namer(name, docs);
  const [heads = 1, , d = 1] = q.shape.slice(-3);
  const dim = heads * d;
  const scores = g.mul(g.matmul(q, flipped(g, k)), g.scalar(1 / Math.sqrt(d)), as('scores'));
  let seen = before?.(scores) ?? scores;
  if (intervention) seen = g.mul(seen, intervention.sharpness);
  if (intervention?.keyBias) seen = g.add(seen, intervention.keyBias);
  const probs = g.softmax(seen, -1, as('probs'));
  const out = intervention
    ? g.mul(g.matmul(probs, v), intervention.headMask, as('out'))
    : g.matmul(probs, v, as('out'));
  const merged = mergeHeads(g, out, as('merged'));
  const even = outNorm === undefined ? merged : layerNorm(g, merged, `${name}.norm`, outNorm, as('norm'));
  return linear(g, even, `${name}.proj`, { size: dim, dim: 'D' }, { as: as('proj') });
}

/**
 * Multi-head self-attention (Vaswani et al. 2017, §3.2) with timm's fused `qkv`: rows of the weight are query, key,
 * value, each head-major. `x` is `[B, T, D]`, the result `name.proj` `[B, T, D]`; with more leading dimensions, each of
 * their indices is a sequence of its own. Every step has a name: `name.qkv`, `.q`, `.k`, `.v`, `.scores`, `.probs`,
 * `.out`, `.merged`, `.proj`; with `qkNorm` also `.q_norm`, `.k_norm`, with `turned` `.q_rot`, `.k_rot`,
 * with `outNorm` `.norm`.
 */
export function attention(g: Graph, x: Value, name: string, options: AttentionOptions): Value {
  const as = namer(name, options.docs);
  const width = { size: 3 * (x.shape.at(-1) ?? 1), dim: '3D' };
  const qkv = linear(g, x, `${name}.qkv`, width, { bias: options.qkvBias, as: as('qkv') });
  const stacked = intoHeads(g, qkv, 3, options.heads);
  const q = g.gather(stacked, 0, 0, as('q'));
  const k = g.gather(stacked, 0, 1, as('k'));
  const v = g.gather(stacked, 0, 2, as('v'));
  const { qkNorm, turned } = options;
  const made = (of: Value, which: 'q' | 'k') => {
    const even =
      qkNorm === undefined ? of : layerNorm(g, of, `${name}.${which}_norm`, qkNorm, as(`${which}_norm`));
    return turned ? turned(even, as(`${which}_rot`)) : even;
  };
  return attend(g, [made(q, 'q'), made(k, 'k'), v], name, options);
}

/**
 * Multi-head cross-attention: queries from `x` `[B, T, D]`, keys and values from `context` `[B, L, D]`, with the weights
 * `name.q` `[D, D]`, `name.kv` `[2D, D]` (key, value), `name.proj`. Names as in `attention`, without `qkv`.
 */
export function crossAttention(
  g: Graph,
  x: Value,
  context: Value,
  name: string,
  options: AttentionOptions,
): Value {
  const as = namer(name, options.docs);
  const dim = x.shape[2] ?? 1;
  const bias = options.qkvBias;
  const queries = linear(g, x, `${name}.q`, { size: dim, dim: 'D' }, { bias });
  const pairs = linear(g, context, `${name}.kv`, { size: 2 * dim, dim: '2D' }, { bias });
  const stacked = intoHeads(g, pairs, 2, options.heads);
  const q = g.gather(intoHeads(g, queries, 1, options.heads), 0, 0, as('q'));
  const k = g.gather(stacked, 0, 0, as('k'));
  const v = g.gather(stacked, 0, 1, as('v'));
  return attend(g, [q, k, v], name, options);
}
