import type { Doc, Graph, Value } from '../graph/index.ts';
import { linear } from './layers.ts';

/** Docs of attention's tensors by the last part of their names. */
export type AttentionDocs = Readonly<Partial<Record<AttentionPart, Doc>>>;
export type AttentionPart = 'qkv' | 'q' | 'k' | 'v' | 'scores' | 'probs' | 'out' | 'merged' | 'proj';

/** What may be changed while attention runs. */
export interface AttentionIntervention {
  /** `[1, h, 1, 1]`: factor on each head's output. */
  readonly headMask: Value;
  /** `[T]`: added to the scores of a key. */
  readonly keyBias: Value;
  /** A scalar: factor on the scores inside the softmax. */
  readonly sharpness: Value;
}

export interface AttentionOptions {
  readonly heads: number;
  readonly qkvBias: boolean;
  readonly docs?: AttentionDocs;
  readonly intervention?: AttentionIntervention;
}

/**
 * Multi-head self-attention (Vaswani et al. 2017, §3.2) with timm's fused `qkv`: rows of the weight are query, key,
 * value, each head-major. `x` is `[B, T, D]`, the result `name.proj` `[B, T, D]`. Every step has a name:
 * `name.qkv`, `.q`, `.k`, `.v`, `.scores`, `.probs`, `.out`, `.merged`, `.proj`.
 */
export function attention(g: Graph, x: Value, name: string, options: AttentionOptions): Value {
  const { heads, qkvBias, docs = {}, intervention } = options;
  const [batch = 1, tokens = 1, dim = 1] = x.shape;
  const d = dim / heads;
  const as = (part: AttentionPart) => {
    const doc = docs[part];
    return { name: `${name}.${part}`, ...(doc && { doc }) };
  };

  const qkv = linear(g, x, `${name}.qkv`, { size: 3 * dim, dim: '3D' }, { bias: qkvBias, as: as('qkv') });
  const parts = g.reshape(qkv, [batch, tokens, 3, heads, d], ['B', 'T', '3', 'h', 'd']);
  const stacked = g.transpose(parts, [2, 0, 3, 1, 4]);
  const q = g.gather(stacked, 0, 0, as('q'));
  const k = g.gather(stacked, 0, 1, as('k'));
  const v = g.gather(stacked, 0, 2, as('v'));

  const keys = g.transpose(k, [0, 1, 3, 2]);
  const scores = g.mul(g.matmul(q, keys), g.scalar(1 / Math.sqrt(d)), as('scores'));
  const seen = intervention ? g.add(g.mul(scores, intervention.sharpness), intervention.keyBias) : scores;
  const probs = g.softmax(seen, -1, as('probs'));
  const out = intervention
    ? g.mul(g.matmul(probs, v), intervention.headMask, as('out'))
    : g.matmul(probs, v, as('out'));
  const merged = g.reshape(
    g.transpose(out, [0, 2, 1, 3]),
    [batch, tokens, dim],
    ['B', 'T', 'D'],
    as('merged'),
  );
  return linear(g, merged, `${name}.proj`, { size: dim, dim: 'D' }, { as: as('proj') });
}
