import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { crossAttention } from '../shared/attention.ts';
import { mlp } from '../shared/block.ts';
import { layerNorm, tokenTable } from '../shared/layers.ts';
import { vitSizes, type ViTConfig } from './config.ts';
import { poolDocs } from './pool-docs.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/**
 * Attention pooling, `[B, T, D]` to `[B, D]`: a learned query attends to all tokens, an MLP with a residual connection
 * follows (Zhai et al. 2022, “Scaling Vision Transformers”, arXiv 2106.04560, “MAP head”; timm's `AttentionPoolLatent`).
 * Names: `attn_pool.q` to `attn_pool.proj`, `attn_pool.norm`, `attn_pool.mlp.…`, and `pooled`.
 */
export function attentionPool(g: Graph, x: Value, c: ViTConfig): Value {
  const docs = poolDocs();
  const latent = tokenTable(g, 'attn_pool.latent', 1, x.shape[0] ?? 1, c.dim);
  const options = { heads: c.heads, qkvBias: c.qkvBias, docs: docs.parts };
  const proj = crossAttention(g, latent, x, 'attn_pool', options);
  const norm = layerNorm(g, proj, 'attn_pool.norm', c.normEps, named('attn_pool.norm', docs.norm));
  const fc2 = mlp(g, norm, 'attn_pool.mlp', { mlp: vitSizes(c).mlp, gelu: c.gelu }, docs.mlp);
  return g.gather(g.add(proj, fc2), 1, 0, named('pooled', docs.pooled));
}
