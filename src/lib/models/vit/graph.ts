import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { plainPlace } from '../shared/block-docs.ts';
import { transformerBlock } from '../shared/block.ts';
import { atBlock, declareInterventions, type Extent, type Interventions } from '../shared/interventions.ts';
import { layerNorm, linear, tokenTable } from '../shared/layers.ts';
import { embed, patchify } from '../shared/patches.ts';
import { sincos2d } from '../shared/positions.ts';
import { checkVit, hasClassToken, hasPatchBias, vitSizes, type ViTConfig } from './config.ts';
import { headDocs, stemDocs } from './docs.ts';

export { ConfigError } from '#lib/base/config-error.ts';
export { vitConfig, vitSizes, VIT_DEFAULTS, type ViTConfig, type ViTSizes } from './config.ts';
export { vitPresets } from './presets.ts';

export type ViTOptions = BuildOptions;

const named = (name: string, doc: Doc) => ({ name, doc });

/** The position table, `[1, count, D]`; rows of prefix tokens in the fixed table are 0. */
function positionTable(g: Graph, c: ViTConfig, prefix: number): Value {
  const { grid, patches } = vitSizes(c);
  const shape = [1, prefix + patches, c.dim];
  const dims = ['1', prefix > 0 ? 'T' : 'N', 'D'];
  if (c.positions === 'learned') return g.initializer('pos_embed', shape, dims);
  const table = new Float32Array((prefix + patches) * c.dim);
  table.set(sincos2d(grid, grid, c.dim), prefix * c.dim);
  return g.constant(table, shape, dims);
}

/** The extent of a ViT. */
export function vitExtent(c: ViTConfig): Extent {
  return { blocks: c.depth, heads: c.heads, tokens: vitSizes(c).tokens };
}

/** From the picture to the tokens of block 0. */
function stem(g: Graph, x: Value, c: ViTConfig, live: Interventions | undefined): Value {
  const docs = stemDocs(c, live !== undefined);
  const { prefix } = vitSizes(c);
  const [batch = 1] = x.shape;
  const patchEmbed = embed(
    g,
    patchify(g, x, c, docs.patches),
    c,
    'patch_embed.proj',
    named('patch_embed', docs.patchEmbed),
    hasPatchBias(c),
  );
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

/** From the last block to the class probabilities. */
function head(g: Graph, x: Value, c: ViTConfig): void {
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
export function vit(config: ViTConfig, options: ViTOptions = {}): Graph {
  checkVit(config);
  const { batch = 1, interventions = false } = options;
  const g = new Graph(`vit ${config.image}/${config.patch} D${config.dim} L${config.depth}`);
  const live = interventions ? declareInterventions(g, vitExtent(config)) : undefined;
  const { image, channels } = config;
  const picture = stemDocs(config, false).x;
  const x = g.input('x', [batch, channels, image, image], ['B', 'C', 'H', 'W'], 'float32', picture);
  let stream = stem(g, x, config, live);
  const { mlp } = vitSizes(config);
  for (let i = 0; i < config.depth; i++) {
    const place = plainPlace(i, interventions);
    stream = transformerBlock(g, stream, `blocks.${i}`, { ...config, mlp, place, live: atBlock(g, live, i) });
  }
  head(g, stream, config);
  return g;
}
