import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { flipped, intoHeads, mergeHeads } from '../shared/attention.ts';
import { affine, linear } from '../shared/layers.ts';
import type { AttentionLive } from './interventions.ts';

/** Parts of an attention, as its tensors are called behind its own name. */
export const PARTS = ['q', 'k', 'v', 'scores', 'probs', 'out', 'merged', 'out_proj'] as const;
export type Part = (typeof PARTS)[number];

export interface MultiheadOptions {
  readonly heads: number;
  readonly docs: Readonly<Record<Part, Doc>>;
  readonly live: AttentionLive | undefined;
}

/**
 * Multi-head attention whose queries, keys and values come from three inputs (Vaswani et al. 2017, section 3.2), with the
 * weights of `torch.nn.MultiheadAttention`: thirds of `name.in_proj_weight` `[3D, D]` and `name.in_proj_bias`, and
 * `name.out_proj`. Queries `[B, T, D]`, keys and values `[B, S, D]`, the result `name.out_proj` `[B, T, D]`.
 */
export function multihead(
  g: Graph,
  inputs: readonly [queries: Value, keys: Value, values: Value],
  name: string,
  { heads, docs, live }: MultiheadOptions,
): Value {
  const dim = inputs[0].shape.at(-1) ?? 1;
  const as = (part: Part) => ({ name: `${name}.${part}`, doc: docs[part] });
  const weight = g.initializer(`${name}.in_proj_weight`, [3 * dim, dim], ['3D', 'D']);
  const bias = g.initializer(`${name}.in_proj_bias`, [3 * dim], ['3D']);
  const projected = (third: 0 | 1 | 2, part: Part) => {
    const rows = (of: Value, dims: readonly string[]) =>
      g.slice(of, 0, third * dim, (third + 1) * dim, { dims });
    const whole = affine(g, inputs[third], rows(weight, ['D', 'D']), rows(bias, ['D']));
    return g.gather(intoHeads(g, whole, 1, heads), 0, 0, as(part));
  };
  const [q, k, v] = [projected(0, 'q'), projected(1, 'k'), projected(2, 'v')];
  const scores = g.mul(g.matmul(q, flipped(g, k)), g.scalar(1 / Math.sqrt(dim / heads)), as('scores'));
  let seen = live ? g.mul(scores, live.sharpness) : scores;
  if (live?.keyBias) seen = g.add(seen, live.keyBias);
  const probs = g.softmax(seen, -1, as('probs'));
  const out = live ? g.mul(g.matmul(probs, v), live.headMask, as('out')) : g.matmul(probs, v, as('out'));
  const merged = mergeHeads(g, out, as('merged'));
  return linear(g, merged, `${name}.out_proj`, { size: dim, dim: 'D' }, { as: as('out_proj') });
}
