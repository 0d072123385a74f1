import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { attention, crossAttention } from '../shared/attention.ts';
import { attentionDocs, blockDocs, type BlockPlace } from '../shared/block-docs.ts';
import { addBranch, mlp } from '../shared/block.ts';
import { ditSizes, type DiTConfig } from './config.ts';
import { adaDocs, crossDocs, partsOf, type Part } from './block-docs.ts';
import type { BlockInterventions } from '../shared/interventions.ts';
import { layerNorm, linear, plainNorm } from '../shared/layers.ts';

export interface DiTBlockOptions {
  readonly config: DiTConfig;
  readonly place: BlockPlace;
  readonly live?: BlockInterventions | undefined;
}

const named = (name: string, doc: Doc) => ({ name, doc });

/** `[B, D]` as a row that broadcasts over tokens, `[B, 1, D]`. */
function perToken(g: Graph, v: Value): Value {
  const [batch = 1, dim = 1] = v.shape;
  return g.reshape(v, [batch, 1, dim], ['B', '1', 'D']);
}

/** `(1 + scale) ⊙ x + shift`, scale and shift `[B, D]`. */
export function modulate(
  g: Graph,
  x: Value,
  shift: Value,
  scale: Value,
  as: { name: string; doc: Doc },
): Value {
  const factor = perToken(g, g.add(scale, g.scalar(1)));
  return g.add(g.mul(x, factor), perToken(g, shift), as);
}

/**
 * A block modulated by time and class: adaLN-Zero, or adaLN without the gates (Peebles & Xie 2023, section 3.2).
 * `x` `[B, N, D]`, `cSilu` = SiLU(c) `[B, D]`. The linear layer's rows are shift, scale, gate of attention, then of the MLP.
 */
export function adaBlock(
  g: Graph,
  x: Value,
  cSilu: Value,
  name: string,
  { config: c, place, live }: DiTBlockOptions,
): Value {
  const docs = adaDocs(place, c);
  const parts = partsOf(c);
  const { mlp: hidden, modulations } = ditSizes(c);
  const all = linear(
    g,
    cSilu,
    `${name}.adaLN_modulation.1`,
    { size: modulations * c.dim, dim: `${modulations}D` },
    { as: named(`${name}.adaLN_modulation`, docs.modulation) },
  );
  const rows = g.split(
    all,
    1,
    parts.map(() => c.dim),
    parts.map((p) => ({ ...named(`${name}.${p}`, docs.part(p)), dims: ['B', 'D'] })),
  );
  const row = (p: Part): Value | undefined => rows[parts.indexOf(p)];
  const shifted = (of: Value, which: 'msa' | 'mlp', as: { name: string; doc: Doc }) =>
    modulate(g, of, row(`shift_${which}`)!, row(`scale_${which}`)!, as);
  const gated = (branch: Value, which: 'msa' | 'mlp', as: { name: string; doc: Doc }) => {
    const gate = row(`gate_${which}`);
    return gate ? g.mul(branch, perToken(g, gate), as) : branch;
  };

  const norm1 = plainNorm(g, x, c.normEps, named(`${name}.norm1`, docs.norm1));
  const modulated1 = shifted(norm1, 'msa', named(`${name}.modulated1`, docs.modulated1));
  const proj = attention(g, modulated1, `${name}.attn`, {
    heads: c.heads,
    qkvBias: c.qkvBias,
    docs: attentionDocs(place, 'modulated1'),
    ...(live && { intervention: live }),
  });
  const branch1 = gated(proj, 'msa', named(`${name}.attn.gated`, docs.gated1));
  const residual = addBranch(g, x, branch1, live?.gate, named(`${name}.attn.residual`, docs.residual));

  const norm2 = plainNorm(g, residual, c.normEps, named(`${name}.norm2`, docs.norm2));
  const modulated2 = shifted(norm2, 'mlp', named(`${name}.modulated2`, docs.modulated2));
  const fc2 = mlp(g, modulated2, `${name}.mlp`, { mlp: hidden, gelu: c.gelu }, docs);
  const branch2 = gated(fc2, 'mlp', named(`${name}.mlp.gated`, docs.gated2));
  return addBranch(g, residual, branch2, live?.gate, named(name, docs.output));
}

/** A pre-norm block with a layer of cross-attention onto `context` `[B, L, D]` between attention and MLP. */
export function crossBlock(
  g: Graph,
  x: Value,
  context: Value,
  name: string,
  { config: c, place, live }: DiTBlockOptions,
): Value {
  const docs = blockDocs(place, { layerScale: false, gelu: c.gelu });
  const cross = crossDocs(place, context.shape[1] ?? 1);
  const { heads, qkvBias } = c;
  const norm = (of: Value, part: 'norm1' | 'norm2') =>
    layerNorm(g, of, `${name}.${part}`, c.normEps, named(`${name}.${part}`, docs[part]));

  const proj = attention(g, norm(x, 'norm1'), `${name}.attn`, {
    heads,
    qkvBias,
    docs: attentionDocs(place),
    ...(live && { intervention: live }),
  });
  const first = addBranch(g, x, proj, live?.gate, named(`${name}.attn.residual`, docs.residual));
  const norm2 = layerNorm(g, first, `${name}.norm_cross`, c.normEps, named(`${name}.norm_cross`, cross.norm));
  const mixed = crossAttention(g, norm2, context, `${name}.cross`, { heads, qkvBias, docs: cross.parts });
  const second = addBranch(g, first, mixed, live?.gate, named(`${name}.cross.residual`, cross.residual));
  const fc2 = mlp(g, norm(second, 'norm2'), `${name}.mlp`, { mlp: ditSizes(c).mlp, gelu: c.gelu }, docs);
  return addBranch(g, second, fc2, live?.gate, named(name, docs.output));
}
