import type { As, Doc, Graph, Value } from '#lib/graph/index.ts';
import { attention } from './attention.ts';
import { attentionDocs, blockDocs, maskedAttentionDocs, type BlockPlace } from './block-docs.ts';
import { resPostAttentionDocs, resPostDocs, resPostGatedDocs } from './res-post-docs.ts';
import { biasedDocs, gatedDocs, innerNormDocs, turnedDocs } from './variant-docs.ts';
import type { BlockInterventions } from './interventions.ts';
import { gelu, layerNorm, linear, silu, type GeluKind } from './layers.ts';

export interface BlockOptions {
  readonly heads: number;
  readonly qkvBias: boolean;
  /** Width M of the MLP. */
  readonly mlp: number;
  readonly normEps: number;
  readonly gelu: GeluKind;
  /** Learned factors `ls1.gamma`, `ls2.gamma` on both branches. */
  readonly layerScale?: boolean;
  /** Where the LayerNorms stand: before the branches, or on what they give (res-post-norm). Default `before`. */
  readonly blockNorm?: 'before' | 'after';
  /** A LayerNorm on the queries and keys of each head. */
  readonly qkNorm?: boolean;
  /** A LayerNorm on the heads' outputs side by side, `attn.norm`. */
  readonly attnNorm?: boolean;
  /** The MLP is gated (SwiGLU). */
  readonly gatedMlp?: boolean;
  /** The MLP's gated values are normalised, `mlp.norm`. */
  readonly gatedNorm?: boolean;
  /** Queries and keys turned by their places. */
  readonly turned?: ((x: Value, as: As) => Value) | undefined;
  /** The scores with biases by distance, in place of a mask. */
  readonly biased?: ((scores: Value) => Value) | undefined;
  /** Which block the docs speak of. */
  readonly place: BlockPlace;
  readonly live?: BlockInterventions | undefined;
  /** `[T, T]`, added to the scores: 0, or −10⁹ where a token (row) must not see another (column). */
  readonly mask?: Value;
}

const named = (name: string, doc: Doc) => ({ name, doc });

/** `x + gate · branch`. */
export function addBranch(g: Graph, x: Value, branch: Value, gate: Value | undefined, as: As): Value {
  return g.add(x, gate ? g.mul(branch, gate) : branch, as);
}

/** Two linear layers with a GELU between them: `name.fc1`, `name.gelu`, `name.fc2`; `[B, T, D]` to `[B, T, D]`. */
export function mlp(
  g: Graph,
  x: Value,
  name: string,
  options: Pick<BlockOptions, 'mlp' | 'gelu'>,
  docs: { readonly fc1: Doc; readonly gelu: Doc; readonly fc2: Doc },
): Value {
  const width = { size: x.shape.at(-1) ?? 1, dim: x.dims.at(-1) ?? 'D' };
  const hidden = { size: options.mlp, dim: 'M' };
  const fc1 = linear(g, x, `${name}.fc1`, hidden, { as: named(`${name}.fc1`, docs.fc1) });
  const act = gelu(g, fc1, options.gelu, named(`${name}.gelu`, docs.gelu));
  return linear(g, act, `${name}.fc2`, width, { as: named(`${name}.fc2`, docs.fc2) });
}

/**
 * A gated MLP (Shazeer 2020, “GLU Variants Improve Transformer”, SwiGLU): `name.fc1` gives gate and value side by side,
 * `[B, T, 2M]`; `name.silu`, `name.gated`, with `gatedNorm` `name.norm`, `name.fc2`.
 */
function gatedMlp(g: Graph, x: Value, name: string, o: BlockOptions): Value {
  const width = o.mlp;
  const docs = {
    ...gatedDocs(o.place, o.gatedNorm),
    ...(o.blockNorm === 'after' && resPostGatedDocs(o.place)),
  };
  const both = linear(
    g,
    x,
    `${name}.fc1`,
    { size: 2 * width, dim: '2M' },
    { as: named(`${name}.fc1`, docs.fc1) },
  );
  const last = both.shape.length - 1;
  const half = (begin: number) =>
    g.slice(both, last, begin, begin + width, { dims: [...x.dims.slice(0, -1), 'M'] });
  const act = silu(g, half(0), named(`${name}.silu`, docs.silu));
  const product = g.mul(act, half(width), named(`${name}.gated`, docs.gated));
  const gated = o.gatedNorm
    ? layerNorm(g, product, `${name}.norm`, o.normEps, named(`${name}.norm`, docs.norm))
    : product;
  const out = { size: x.shape.at(-1) ?? 1, dim: x.dims.at(-1) ?? 'D' };
  return linear(g, gated, `${name}.fc2`, out, { as: named(`${name}.fc2`, docs.fc2) });
}

/**
 * One transformer block, `[B, T, D]` to `[B, T, D]`: attention and MLP, each around a residual connection, each behind
 * its norm or before it (`blockNorm`).
 * Names: `name.norm1`, `name.attn.…`, `name.attn.residual`, `name.norm2`, `name.mlp.…`, and `name` for what comes out.
 */
export function transformerBlock(g: Graph, x: Value, name: string, options: BlockOptions): Value {
  const { heads, qkvBias, normEps, place, live, mask, biased, turned, layerScale = false } = options;
  const after = options.blockNorm === 'after';
  const docs = after ? resPostDocs(place, options) : blockDocs(place, { layerScale, gelu: options.gelu });
  const norm = (of: Value, part: 'norm1' | 'norm2') =>
    layerNorm(g, of, `${name}.${part}`, normEps, named(`${name}.${part}`, docs[part]));
  const scaled = (branch: Value, part: 'ls1' | 'ls2') => {
    if (!layerScale) return branch;
    const gamma = g.initializer(`${name}.${part}.gamma`, [branch.shape.at(-1) ?? 1], ['D']);
    return g.mul(branch, gamma, named(`${name}.${part}`, docs[part]));
  };

  const proj = attention(g, after ? x : norm(x, 'norm1'), `${name}.attn`, {
    heads,
    qkvBias,
    docs: {
      ...(mask ? maskedAttentionDocs(place) : biased ? biasedDocs(place) : attentionDocs(place)),
      ...(turned && turnedDocs(place)),
      ...(after && resPostAttentionDocs(place)),
      ...(options.attnNorm && innerNormDocs(place)),
    },
    ...(options.qkNorm && { qkNorm: normEps }),
    ...(options.attnNorm && { outNorm: normEps }),
    ...(live && { intervention: live }),
    ...(mask && { before: (scores: Value) => g.add(scores, mask) }),
    ...(biased && { before: biased }),
    ...(turned && { turned }),
  });
  const afterAttention = named(`${name}.attn.residual`, docs.residual);
  const attended = after ? norm(proj, 'norm1') : scaled(proj, 'ls1');
  const residual = addBranch(g, x, attended, live?.gate, afterAttention);

  const inner = after ? residual : norm(residual, 'norm2');
  const fc2 = options.gatedMlp
    ? gatedMlp(g, inner, `${name}.mlp`, options)
    : mlp(g, inner, `${name}.mlp`, options, docs);
  const thought = after ? norm(fc2, 'norm2') : scaled(fc2, 'ls2');
  return addBranch(g, residual, thought, live?.gate, named(name, docs.output));
}
