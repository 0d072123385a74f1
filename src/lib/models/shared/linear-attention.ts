import type { As, Graph, Value } from '#lib/graph/index.ts';
import { flipped } from './attention.ts';

/** Keeps the quotient finite where no key is positive: 1e-15 in the published code vanishes beside float32's values. */
const EPS = 1e-6;

/** Steps of linear attention, by the last part of their names. */
export type LinearStep = 'q_relu' | 'k_relu' | 'kv' | 'normaliser' | 'out';

/**
 * ReLU linear attention (Katharopoulos et al. 2020; EfficientViT, Cai et al. 2023) of queries, keys and values
 * `[B, h, N, d]`: `out` `[B, h, N, d]`. The softmax of q kᵀ becomes ReLU(q) ReLU(k)ᵀ, so that `kv` = ReLU(k)ᵀ v, a small
 * matrix for each head, is made once for all tokens: work in proportion to N.
 * @param as name and doc of each step
 * @param headMask `[1, h, 1, 1]`: factor on each head's output
 */
export function linearMix(
  g: Graph,
  [q, k, v]: readonly [Value, Value, Value],
  as: (step: LinearStep) => As | undefined,
  headMask?: Value,
): Value {
  const queries = g.relu(q, as('q_relu'));
  const keys = g.relu(k, as('k_relu'));
  const kv = g.matmul(flipped(g, keys), v, as('kv'));
  const [batch = 1, heads = 1, , d = 1] = keys.shape;
  const sum = g.reshape(g.sum(keys, [2], false), [batch, heads, d, 1], ['B', 'h', 'd', '1']);
  const normaliser = g.add(g.matmul(queries, sum), g.scalar(EPS), as('normaliser'));
  const mixed = g.matmul(queries, kv);
  if (!headMask) return g.div(mixed, normaliser, as('out'));
  return g.mul(g.div(mixed, normaliser), headMask, as('out'));
}
