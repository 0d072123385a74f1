import type { Graph, Value } from '#lib/graph/index.ts';
import { intoHeads, mergeHeads } from '../shared/attention.ts';
import { linear } from '../shared/layers.ts';
import { linearMix } from '../shared/linear-attention.ts';
import type { LinearDocs, LinearPart } from './block-docs.ts';
import { asPictures, asTokens } from './grid.ts';

export interface LinearOptions {
  readonly heads: number;
  readonly qkvBias: boolean;
  /** Side of the grid: the tokens are read from a convolution too. */
  readonly grid: number;
  /** Keys and values of a second scale as well (EfficientViT's multi-scale aggregation). */
  readonly multiScale: boolean;
  readonly docs: LinearDocs;
  /** `[1, h, 1, 1]`: factor on each head's output, a head at both scales. */
  readonly headMask?: Value | undefined;
}

const namer = (name: string, docs: LinearDocs) => (part: LinearPart) => ({
  name: `${name}.${part}`,
  doc: docs[part],
});

/** qkv seen from further away: every channel convolved for itself, 5 × 5, then mixed within a head's q, k or v. */
function aggregated(g: Graph, qkv: Value, name: string, { heads, grid, docs }: LinearOptions): Value {
  const as = namer(name, docs);
  const width = qkv.shape[2] ?? 1;
  const group = 3 * heads;
  const near = g.initializer(`${name}.aggreg.0.weight`, [width, 1, 5, 5], ['3D', '1', 'k', 'k']);
  const far = g.conv(asPictures(g, qkv, grid), near, undefined, { pads: [2, 2, 2, 2], group: width });
  const first = asTokens(g, far, '3D', as('aggreg.0'));
  const mix = g.initializer(`${name}.aggreg.1.weight`, [width, width / group, 1, 1], ['3D', 'd', 'k', 'k']);
  const mixed = g.conv(asPictures(g, first, grid), mix, undefined, { group });
  return asTokens(g, mixed, '3D', as('aggreg.1'));
}

/**
 * Multi-head linear attention (`linearMix`): `x` `[B, N, D]` to `name.proj` `[B, N, D]`, of queries, keys and values at one
 * scale or at two. Every step has a name.
 */
export function linearAttention(g: Graph, x: Value, name: string, options: LinearOptions): Value {
  const { heads, qkvBias, multiScale, docs, headMask } = options;
  const as = namer(name, docs);
  const dim = x.shape[2] ?? 1;
  const qkv = linear(g, x, `${name}.qkv`, { size: 3 * dim, dim: '3D' }, { bias: qkvBias, as: as('qkv') });
  const scales = multiScale ? [qkv, aggregated(g, qkv, name, options)] : [qkv];
  const stacked = scales.map((scale) => intoHeads(g, scale, 3, heads));
  // The heads of the second scale follow those of the first: [3, B, 2h, N, d].
  const all = stacked.length > 1 ? g.concat(stacked, 2) : stacked[0]!;
  const [q, k, v] = (['q', 'k', 'v'] as const).map((part, i) => g.gather(all, 0, i, as(part))) as [
    Value,
    Value,
    Value,
  ];
  // A head that is cut is cut at both scales.
  const factor = headMask && multiScale ? g.concat([headMask, headMask], 1) : headMask;
  const out = linearMix(g, [q, k, v], as, factor);
  const merged = mergeHeads(g, out, as('merged'));
  return linear(g, merged, `${name}.proj`, { size: dim, dim: 'D' }, { as: as('proj') });
}
