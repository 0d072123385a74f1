import { Graph, type Doc, type Value } from '../graph/index.ts';
import { attention } from './attention.ts';
import { declareInterventions, type VitInterventions } from './interventions.ts';
import { affine, gelu, layerNorm, linear, tokenTable } from './layers.ts';
import { sincos2d } from './positions.ts';
import { checkVit, hasClassToken, hasPatchBias, vitSizes, type VitConfig } from './vit-config.ts';
import { attentionDocs, blockDocs, headDocs, stemDocs } from './vit-docs.ts';

export { ConfigError } from './errors.ts';
export { neutralInterventions } from './interventions.ts';
export { vitConfig, vitSizes, VIT_DEFAULTS, type VitConfig, type VitSizes } from './vit-config.ts';
export { vitPresets } from './vit-presets.ts';

export interface VitOptions {
  /** Pictures at once; 1 by default. */
  readonly batch?: number;
  /** Adds the inputs head_mask, token_mask, pos_scale, attn_temperature and block_skip; off by default. */
  readonly interventions?: boolean;
}

const named = (name: string, doc: Doc) => ({ name, doc });

/** `x` `[B, C, H, W]` cut into `patches` `[B, N, P]`, each flattened as (channel, row, column). */
function unfold(g: Graph, x: Value, c: VitConfig, doc: Doc): Value {
  const { grid, used, patches, patchValues } = vitSizes(c);
  const [batch = 1] = x.shape;
  const p = c.patch;
  let whole = x;
  if (used < c.image) whole = g.slice(g.slice(x, 2, 0, used), 3, 0, used);
  const cut = g.reshape(whole, [batch, c.channels, grid, p, grid, p], ['B', 'C', 'gh', 'p', 'gw', 'p']);
  const ordered = g.transpose(cut, [0, 2, 4, 1, 3, 5]);
  return g.reshape(ordered, [batch, patches, patchValues], ['B', 'N', 'P'], named('patches', doc));
}

/** `patches · Wᵀ + b` with the weight of a stride-p convolution, `[D, C, p, p]`. */
function embed(g: Graph, patches: Value, c: VitConfig, doc: Doc): Value {
  const kernel = g.initializer(
    'patch_embed.proj.weight',
    [c.dim, c.channels, c.patch, c.patch],
    ['D', 'C', 'p', 'p'],
  );
  const rows = g.reshape(kernel, [c.dim, vitSizes(c).patchValues], ['D', 'P']);
  const bias = hasPatchBias(c) ? g.initializer('patch_embed.proj.bias', [c.dim], ['D']) : undefined;
  return affine(g, patches, rows, bias, named('patch_embed', doc));
}

/** The position table, `[1, count, D]`; rows of prefix tokens in the fixed table are 0. */
function positionTable(g: Graph, c: VitConfig, prefix: number): Value {
  const { grid, patches } = vitSizes(c);
  const shape = [1, prefix + patches, c.dim];
  const dims = ['1', prefix > 0 ? 'T' : 'N', 'D'];
  if (c.positions === 'learned') return g.initializer('pos_embed', shape, dims);
  const table = new Float32Array((prefix + patches) * c.dim);
  table.set(sincos2d(grid, grid, c.dim), prefix * c.dim);
  return g.constant(table, shape, dims);
}

/** From the picture to the tokens of block 0. */
function stem(g: Graph, x: Value, c: VitConfig, live: VitInterventions | undefined): Value {
  const docs = stemDocs(c, live !== undefined);
  const { prefix } = vitSizes(c);
  const [batch = 1] = x.shape;
  const patchEmbed = embed(g, unfold(g, x, c, docs.patches), c, docs.patchEmbed);
  const positions = (of: Value, before: number, as: { name: string; doc: Doc }) => {
    const table = positionTable(g, c, before);
    return g.add(of, live ? g.mul(table, live.posScale) : table, as);
  };

  let sequence = patchEmbed;
  const early = c.positions !== 'none' && !c.clsPosition;
  if (early) sequence = positions(sequence, 0, named('pos_added', docs.posAdded));
  const extra: Value[] = [];
  if (hasClassToken(c)) extra.push(tokenTable(g, 'cls_token', 1, batch, c.dim));
  if (c.registers > 0) extra.push(tokenTable(g, 'reg_token', c.registers, batch, c.dim));
  const cat = { ...named('cls_cat', docs.clsCat), dims: ['B', 'T', 'D'] };
  sequence = extra.length > 0 ? g.concat([...extra, sequence], 1, cat) : g.identity(sequence, cat);
  const last = named('tokens', docs.tokens);
  sequence = early || c.positions === 'none' ? g.identity(sequence, last) : positions(sequence, prefix, last);
  return c.preNorm
    ? layerNorm(g, sequence, 'norm_pre', c.normEps, named('norm_pre', docs.normPre))
    : sequence;
}

/** `x + gate · branch`, with LayerScale in between where the model has it. */
function addBranch(
  g: Graph,
  x: Value,
  branch: Value,
  gate: Value | undefined,
  scale: { name: string; doc: Doc } | undefined,
  as: { name: string; doc: Doc },
): Value {
  let b = branch;
  if (scale) b = g.mul(b, g.initializer(`${scale.name}.gamma`, [b.shape.at(-1) ?? 1], ['D']), scale);
  return g.add(x, gate ? g.mul(b, gate) : b, as);
}

/** One pre-norm block: attention and MLP, each around a residual connection. */
function block(g: Graph, x: Value, c: VitConfig, i: number, live: VitInterventions | undefined): Value {
  const name = `blocks.${i}`;
  const docs = blockDocs(c, i, live !== undefined);
  const gate = live && g.gather(live.blockSkip, 0, i);
  const scale = (part: 'ls1' | 'ls2') => (c.layerScale ? named(`${name}.${part}`, docs[part]) : undefined);

  const norm1 = layerNorm(g, x, `${name}.norm1`, c.normEps, named(`${name}.norm1`, docs.norm1));
  const proj = attention(g, norm1, `${name}.attn`, {
    heads: c.heads,
    qkvBias: c.qkvBias,
    docs: attentionDocs(i, live !== undefined),
    ...(live && { intervention: { ...live, headMask: g.gather(live.headMask, 0, i) } }),
  });
  const residual = addBranch(g, x, proj, gate, scale('ls1'), named(`${name}.attn.residual`, docs.residual));

  const norm2 = layerNorm(g, residual, `${name}.norm2`, c.normEps, named(`${name}.norm2`, docs.norm2));
  const hidden = { size: vitSizes(c).mlp, dim: 'M' };
  const fc1 = linear(g, norm2, `${name}.mlp.fc1`, hidden, { as: named(`${name}.mlp.fc1`, docs.fc1) });
  const act = gelu(g, fc1, c.gelu, named(`${name}.mlp.gelu`, docs.gelu));
  const width = { size: c.dim, dim: 'D' };
  const fc2 = linear(g, act, `${name}.mlp.fc2`, width, { as: named(`${name}.mlp.fc2`, docs.fc2) });
  return addBranch(g, residual, fc2, gate, scale('ls2'), named(name, docs.output));
}

/** From the last block to the class probabilities. */
function head(g: Graph, x: Value, c: VitConfig): void {
  const docs = headDocs(c);
  const { prefix, tokens } = vitSizes(c);
  let features: Value;
  if (c.pool === 'cls') {
    const norm = layerNorm(g, x, 'norm', c.normEps, named('norm', docs.norm));
    features = g.gather(norm, 1, 0, named('pooled', docs.pooled));
  } else {
    const patches = prefix > 0 ? g.slice(x, 1, prefix, tokens, { dims: ['B', 'N', 'D'] }) : x;
    const pooled = g.mean(patches, [1], false, named('pooled', docs.pooled));
    features = layerNorm(g, pooled, 'fc_norm', c.normEps, named('fc_norm', docs.fcNorm));
  }
  if (c.classes === 0) return;
  const classes = { size: c.classes, dim: 'K' };
  const logits = linear(g, features, 'head', classes, { as: named('logits', docs.logits) });
  g.softmax(logits, -1, named('probs', docs.probs));
}

/**
 * A Vision Transformer (Dosovitskiy et al. 2021) as a graph: input `x` `[B, C, H, W]`, weights under timm's names,
 * every intermediate named after timm's module path, from `patches` to `probs`.
 * Throws ConfigError for a configuration that cannot be built.
 */
export function vit(config: VitConfig, options: VitOptions = {}): Graph {
  checkVit(config);
  const { batch = 1, interventions = false } = options;
  const g = new Graph(`vit ${config.image}/${config.patch} D${config.dim} L${config.depth}`);
  const live = interventions ? declareInterventions(g, config) : undefined;
  const { image, channels } = config;
  const picture = stemDocs(config, false).x;
  const x = g.input('x', [batch, channels, image, image], ['B', 'C', 'H', 'W'], 'float32', picture);
  let stream = stem(g, x, config, live);
  for (let i = 0; i < config.depth; i++) stream = block(g, stream, config, i, live);
  head(g, stream, config);
  return g;
}
