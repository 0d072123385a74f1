import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { transformerBlock } from '../shared/block.ts';
import { plainPlace } from '../shared/block-docs.ts';
import { headMlp, headNames } from '../shared/head-mlp.ts';
import { atBlock, declareInterventions, type Extent, type Interventions } from '../shared/interventions.ts';
import { layerNorm, tokenTable } from '../shared/layers.ts';
import { embed, patchify } from '../shared/patches.ts';
import { checkYolos, yolosSizes, type YolosConfig } from './config.ts';
import { headDocs, midDoc, tokenDocs } from './docs.ts';

export { yolosConfig, yolosSizes, YOLOS_DEFAULTS, type YolosConfig } from './config.ts';
export { yolosPresets } from './presets.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** What interventions count. */
export function yolosExtent(c: YolosConfig): Extent {
  return { blocks: c.depth, heads: c.heads, tokens: yolosSizes(c).tokens };
}

/** From the picture to the tokens of block 0, `[B, T, D]`: CLS, patches, detection tokens, each with its position. */
function tokensOf(g: Graph, x: Value, c: YolosConfig, live: Interventions | undefined): Value {
  const docs = tokenDocs(live !== undefined);
  const [batch = 1] = x.shape;
  const patches = patchify(g, x, c, named('patches', docs.patches));
  const embedded = embed(g, patches, c, 'patch_embed.proj', named('patch_embed', docs.patchEmbed));
  const cls = tokenTable(g, 'cls_token', 1, batch, c.dim);
  const detecting = tokenTable(g, 'det_token', c.queries, batch, c.dim);
  const all = g.concat([cls, embedded, detecting], 1, {
    ...named('cls_cat', docs.clsCat),
    dims: ['B', 'T', 'D'],
  });
  const table = g.initializer('pos_embed', [1, yolosSizes(c).tokens, c.dim], ['1', 'T', 'D']);
  return g.add(all, live ? g.mul(table, live.posScale) : table, named('tokens', docs.tokens));
}

/**
 * A ViT that detects (YOLOS, Fang et al. 2021) as a graph: input `x` `[B, C, H, W]`, weights under the published names, every
 * intermediate named as in a ViT, up to `logits` `[B, Q, K + 1]`, `probs` and `boxes` `[B, Q, 4]`. Throws ConfigError for a
 * configuration that cannot be built.
 */
export function yolos(config: YolosConfig, options: BuildOptions = {}): Graph {
  checkYolos(config);
  const { batch = 1, interventions = false } = options;
  const { channels, patch, dim, depth, classes, queries } = config;
  const { height, width, tokens, mlp } = yolosSizes(config);
  const g = new Graph(`yolos ${height}×${width}/${patch} D${dim} L${depth}`);
  const live = interventions ? declareInterventions(g, yolosExtent(config)) : undefined;
  const docs = { ...tokenDocs(interventions), ...headDocs(config) };
  const x = g.input('x', [batch, channels, height, width], ['B', 'C', 'H', 'W'], 'float32', docs.x);
  let stream = tokensOf(g, x, config, live);
  const between =
    config.midPositions && depth > 1
      ? g.initializer('mid_pos_embed', [depth - 1, 1, tokens, dim], ['depth', '1', 'T', 'D'])
      : undefined;
  for (let i = 0; i < depth; i++) {
    const own = { mlp, place: plainPlace(i, interventions), live: atBlock(g, live, i) };
    stream = transformerBlock(g, stream, `blocks.${i}`, { ...config, ...own });
    if (!between || i === depth - 1) continue;
    const table = g.gather(between, 0, i);
    stream = g.add(
      stream,
      live ? g.mul(table, live.posScale) : table,
      named(`blocks.${i}.with_pos`, midDoc(i, interventions)),
    );
  }
  const norm = layerNorm(g, stream, 'norm', config.normEps, named('norm', docs.norm));
  const found = g.slice(norm, 1, tokens - queries, tokens, {
    ...named('found', docs.found),
    dims: ['B', 'Q', 'D'],
  });
  const read = (which: 'classes' | 'boxes', name: string, out: { size: number; dim: string }) =>
    headMlp(g, name, dim, out)(found, (part, n) => headNames(which, part, n));
  const logits = g.identity(
    read('classes', 'class_embed', { size: classes + 1, dim: 'K' }),
    named('logits', docs.logits),
  );
  g.softmax(logits, -1, named('probs', docs.probs));
  g.sigmoid(read('boxes', 'bbox_embed', { size: 4, dim: '4' }), named('boxes', docs.boxes));
  return g;
}
