import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { layerNorm, linear } from '../shared/layers.ts';
import type { DetrConfig } from './config.ts';
import { attentionLive, type Live } from './interventions.ts';
import { decoderDocs, encoderDocs, type FeedDocs } from './layer-docs.ts';
import { multihead } from './multihead.ts';

/** What every layer is told. */
export interface LayerAt {
  readonly config: DetrConfig;
  readonly live: Live | undefined;
  /** Number of the layer, from 0. */
  readonly index: number;
}

const named = (name: string, doc: Doc) => ({ name, doc });

/**
 * The end of a layer, `[B, T, D]` to `[B, T, D]`: two linear layers with a ReLU between them, what went in added, and the
 * last norm, whose result is the layer's.
 * @param norm part of the name of that norm
 */
export function feedForward(
  g: Graph,
  x: Value,
  name: string,
  { ffn, dim, normEps }: DetrConfig,
  { norm, docs }: { readonly norm: string; readonly docs: FeedDocs },
): Value {
  const hidden = linear(
    g,
    x,
    `${name}.linear1`,
    { size: ffn, dim: 'M' },
    { as: named(`${name}.linear1`, docs.linear1) },
  );
  const act = g.relu(hidden, named(`${name}.relu`, docs.relu));
  const out = linear(
    g,
    act,
    `${name}.linear2`,
    { size: dim, dim: 'D' },
    { as: named(`${name}.linear2`, docs.linear2) },
  );
  const sum = g.add(x, out, named(`${name}.residual`, docs.residual));
  return layerNorm(g, sum, `${name}.${norm}`, normEps, named(name, docs.output));
}

/**
 * A layer of the encoder, `[B, N, D]` to `[B, N, D]`: self-attention with positions on queries and keys alone, then the
 * feed-forward; each is added and then normalised (post-norm). Source: Carion et al. 2020, appendix A.3, figure 10.
 * @param positions `[1, N, D]`
 */
export function encoderLayer(
  g: Graph,
  x: Value,
  positions: Value,
  name: string,
  { config, live, index }: LayerAt,
): Value {
  const docs = encoderDocs(index, live !== undefined);
  const placed = g.add(x, positions, named(`${name}.with_pos`, docs.withPos));
  const out = multihead(g, [placed, placed, x], `${name}.self_attn`, {
    heads: config.heads,
    docs: docs.selfAttn,
    live: attentionLive(g, live, 'headMask', index),
  });
  const sum = g.add(x, out, named(`${name}.self_attn.residual`, docs.selfAttnResidual));
  const norm1 = layerNorm(g, sum, `${name}.norm1`, config.normEps, named(`${name}.norm1`, docs.norm1));
  return feedForward(g, norm1, name, config, { norm: 'norm2', docs: docs.feed });
}

/** What all layers of the decoder share. */
export interface DecoderShared {
  /** `[Q, D]`, added to queries of every attention. */
  readonly queries: Value;
  /** The encoder's output, `[B, N, D]`, and the same with positions. */
  readonly memory: Value;
  readonly keys: Value;
}

/**
 * A layer of the decoder, `[B, Q, D]` to `[B, Q, D]`: self-attention among the queries, attention from them to the tokens of
 * the picture, then the feed-forward; each is added and then normalised.
 */
export function decoderLayer(
  g: Graph,
  x: Value,
  { queries, memory, keys }: DecoderShared,
  name: string,
  { config, live, index }: LayerAt,
): Value {
  const docs = decoderDocs(index, live !== undefined);
  const { heads, normEps } = config;
  const asked = g.add(x, queries, named(`${name}.with_query`, docs.withQuery));
  const among = multihead(g, [asked, asked, x], `${name}.self_attn`, {
    heads,
    docs: docs.selfAttn,
    live: attentionLive(g, live, 'queryHeadMask', index),
  });
  const added = live ? g.mul(among, live.queryAttention) : among;
  const sum = g.add(x, added, named(`${name}.self_attn.residual`, docs.selfAttnResidual));
  const norm1 = layerNorm(g, sum, `${name}.norm1`, normEps, named(`${name}.norm1`, docs.norm1));
  const looking = g.add(norm1, queries, named(`${name}.norm1.with_query`, docs.norm1WithQuery));
  const seen = multihead(g, [looking, keys, memory], `${name}.multihead_attn`, {
    heads,
    docs: docs.crossAttn,
    live: attentionLive(g, live, 'crossHeadMask', index),
  });
  const both = g.add(norm1, seen, named(`${name}.multihead_attn.residual`, docs.crossAttnResidual));
  const norm2 = layerNorm(g, both, `${name}.norm2`, normEps, named(`${name}.norm2`, docs.norm2));
  return feedForward(g, norm2, name, config, { norm: 'norm3', docs: docs.feed });
}
