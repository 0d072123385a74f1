import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { flipped, mergeHeads } from '../shared/attention.ts';
import { blockDocs } from '../shared/block-docs.ts';
import { linear } from '../shared/layers.ts';
import { block } from './block.ts';
import { splitDocs } from './block-docs.ts';
import { vivitSizes } from './config.ts';
import type { AttentionLive } from './interventions.ts';
import { backFromPlaces, inOneRow } from './order.ts';
import type { BlockAt } from './space-time.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** One half of the heads. */
interface Half {
  /** `<block>.attn.space` or `.time`. */
  readonly name: string;
  /** Queries, keys and values, `[3, B, t, h, s, d]` or `[3, B, s, h, t, d]`. */
  readonly stacked: Value;
  readonly docs: Readonly<Record<'scores' | 'probs' | 'out', Doc>>;
  /** `[1, h, 1, 1]` of these heads, and 1 / temperature. */
  readonly live: AttentionLive | undefined;
}

/** `[B, …, h, ·, d]`: what the heads of one half mix, with the tensors `scores`, `probs` and `out`. */
function attend(g: Graph, { name, stacked, docs, live }: Half): Value {
  const [q, k, v] = [0, 1, 2].map((part) => g.gather(stacked, 0, part)) as [Value, Value, Value];
  const as = (part: 'scores' | 'probs' | 'out') => named(`${name}.${part}`, docs[part]);
  const width = q.shape.at(-1) ?? 1;
  const scores = g.mul(g.matmul(q, flipped(g, k)), g.scalar(1 / Math.sqrt(width)), as('scores'));
  const probs = g.softmax(live ? g.mul(scores, live.sharpness) : scores, -1, as('probs'));
  if (!live) return g.matmul(probs, v, as('out'));
  return g.mul(g.matmul(probs, v), live.headMask, as('out'));
}

/**
 * Attention of model 4, `[B, N, D]` to `[B, N, D]`: one projection to queries, keys and values as in every attention; the
 * first half of the heads looks at tokens of the same time, the second at those of the same place.
 */
function splitAttention(g: Graph, x: Value, name: string, { config, place, live }: BlockAt): Value {
  const { heads, dim, qkvBias } = config;
  const { times, places } = vivitSizes(config);
  const docs = splitDocs(place);
  const [batch = 1] = x.shape;
  const width = { size: 3 * dim, dim: '3D' };
  const qkv = linear(g, x, `${name}.qkv`, width, { bias: qkvBias, as: named(`${name}.qkv`, docs.qkv) });
  const cut = g.reshape(qkv, [batch, times, places, 3, heads, dim / heads], ['B', 't', 's', '3', 'h', 'd']);
  const half = (part: 'space' | 'time', order: readonly number[]): Value => {
    const [from, to] = part === 'space' ? [0, heads / 2] : [heads / 2, heads];
    return attend(g, {
      name: `${name}.${part}`,
      stacked: g.transpose(g.slice(cut, 4, from, to), order),
      docs: docs[part],
      live: live && { sharpness: live.attn.sharpness, headMask: g.slice(live.attn.headMask, 1, from, to) },
    });
  };
  const space = half('space', [3, 0, 1, 4, 2, 5]);
  const time = half('time', [3, 0, 2, 4, 1, 5]);
  const rows = [inOneRow(g, mergeHeads(g, space, {})), backFromPlaces(g, mergeHeads(g, time, {}))];
  const merged = g.concat(rows, 2, named(`${name}.merged`, docs.merged));
  return linear(g, merged, `${name}.proj`, { size: dim, dim: 'D' }, { as: named(`${name}.proj`, docs.proj) });
}

/** A block of model 4: that of a ViT, with attention whose heads are divided between space and time. */
export function splitHeadsBlock(g: Graph, x: Value, name: string, at: BlockAt): Value {
  const { norm1, residual } = blockDocs(at.place, { layerScale: false, gelu: at.config.gelu });
  const attends = (normed: Value) => splitAttention(g, normed, `${name}.attn`, at);
  const branches = [{ norm: 'norm1', attn: 'attn', attend: attends, docs: { norm: norm1, residual } }];
  return block(g, x, name, { ...at, branches });
}
