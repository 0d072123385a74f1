import type { As, Doc, Graph, Value } from '#lib/graph/index.ts';
import { flipped, intoHeads, mergeHeads } from '../shared/attention.ts';
import { blockDocs, type BlockPlace } from '../shared/block-docs.ts';
import { addBranch, mlp } from '../shared/block.ts';
import type { BlockInterventions } from '../shared/interventions.ts';
import { layerNorm, linear } from '../shared/layers.ts';
import { autoregressiveSizes, type AutoregressiveConfig } from './config.ts';
import { cacheDocs, seenDocs } from './docs.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** Keys and values of the tokens before this one, each `[B, h, T, d]`, and where this one's go. */
export interface Past {
  readonly keys: Value;
  readonly values: Value;
  /** `[T, 1]`: 1 at this token's place, 0 elsewhere. */
  readonly here: Value;
}

export interface BlockSite {
  readonly c: AutoregressiveConfig;
  readonly place: BlockPlace;
  readonly live: BlockInterventions | undefined;
  /** Added to the scores: 0, or −10⁹ where a token (row) must not see another (column). */
  readonly mask: Value | undefined;
  readonly past?: Past;
}

/** A row that is new among those that are kept: `past · (1 − here) + row · here`. */
function placed(g: Graph, past: Value, row: Value, here: Value, as: As): Value {
  return g.add(g.mul(past, g.sub(g.scalar(1), here)), g.mul(row, here), as);
}

/** Self-attention in which tokens may be hidden, and keys and values of earlier tokens given. */
function attention(g: Graph, x: Value, name: string, { c, place, live, mask, past }: BlockSite) {
  const docs = seenDocs(c, place);
  const kept = cacheDocs(place);
  const { headDim } = autoregressiveSizes(c);
  const as = (part: keyof typeof docs) => ({
    name: `${name}.${part}`,
    ...(docs[part] && { doc: docs[part] }),
  });
  const wide = { size: 3 * c.dim, dim: '3D' };
  const qkv = linear(g, x, `${name}.qkv`, wide, { bias: c.qkvBias, as: as('qkv') });
  const stacked = intoHeads(g, qkv, 3, c.heads);
  const q = g.gather(stacked, 0, 0, as('q'));
  const [k, v] = [g.gather(stacked, 0, 1, as('k')), g.gather(stacked, 0, 2, as('v'))];
  const keys = past ? placed(g, past.keys, k, past.here, named(`${name}.keys`, kept.keys)) : k;
  const values = past ? placed(g, past.values, v, past.here, named(`${name}.values`, kept.values)) : v;
  const scores = g.mul(g.matmul(q, flipped(g, keys)), g.scalar(1 / Math.sqrt(headDim)), as('scores'));
  let seen = mask ? g.add(scores, mask) : scores;
  if (live) seen = g.add(g.mul(seen, live.sharpness), live.keyBias);
  const probs = g.softmax(seen, -1, as('probs'));
  const mixed = live
    ? g.mul(g.matmul(probs, values), live.headMask, as('out'))
    : g.matmul(probs, values, as('out'));
  const merged = mergeHeads(g, mixed, as('merged'));
  return {
    keys,
    values,
    proj: linear(g, merged, `${name}.proj`, { size: c.dim, dim: 'D' }, { as: as('proj') }),
  };
}

/**
 * A pre-norm block, `[B, T, D]` to `[B, T, D]`, with the names of every transformer block here; with `past` one token goes
 * in, and `attn.keys` and `attn.values` `[B, h, T, d]` are those of all tokens with its own among them.
 */
export function codeBlock(g: Graph, x: Value, name: string, site: BlockSite) {
  const { c, place, live } = site;
  const docs = blockDocs(place, { layerScale: false, gelu: c.gelu });
  const norm1 = layerNorm(g, x, `${name}.norm1`, c.normEps, named(`${name}.norm1`, docs.norm1));
  const { proj, keys, values } = attention(g, norm1, `${name}.attn`, site);
  const residual = addBranch(g, x, proj, live?.gate, named(`${name}.attn.residual`, docs.residual));
  const norm2 = layerNorm(g, residual, `${name}.norm2`, c.normEps, named(`${name}.norm2`, docs.norm2));
  const fc2 = mlp(g, norm2, `${name}.mlp`, { mlp: autoregressiveSizes(c).mlp, gelu: c.gelu }, docs);
  return { out: addBranch(g, residual, fc2, live?.gate, named(name, docs.output)), keys, values };
}
