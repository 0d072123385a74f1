import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { plainPlace } from '../shared/block-docs.ts';
import { transformerBlock } from '../shared/block.ts';
import { atBlock, declareInterventions, type Extent } from '../shared/interventions.ts';
import { layerNorm, linear } from '../shared/layers.ts';
import { pictureTokens } from '../shared/stem.ts';
import { stemDocs } from '../shared/stem-docs.ts';
import { attentionPool } from './attention-pool.ts';
import { checkVit, normsOf, vitSizes, type ViTConfig } from './config.ts';
import { headDocs } from './docs.ts';
import { relativePositions } from './relative.ts';
import { rotaryPositions } from './rotary.ts';

export { ConfigError } from '#lib/base/config-error.ts';
export { vitConfig, vitSizes, VIT_DEFAULTS, type ViTConfig, type ViTSizes } from './config.ts';
export { vitPresets } from './presets.ts';

export type ViTOptions = BuildOptions;

const named = (name: string, doc: Doc) => ({ name, doc });

/** The extent of a ViT. */
export function vitExtent(c: ViTConfig): Extent {
  return { blocks: c.depth, heads: c.heads, tokens: vitSizes(c).tokens };
}

/** The logits `[B, K]`: of the head, or the mean of two heads, the second of which reads the distillation token. */
function logitsOf(g: Graph, features: Value, norm: Value, c: ViTConfig): Value {
  const docs = headDocs(c);
  const classes = { size: c.classes, dim: 'K' };
  const as = named('logits', docs.logits);
  if (!c.distHead) return linear(g, features, 'head', classes, { as });
  const distilled = g.gather(norm, 1, 1, named('pooled_dist', docs.pooledDist));
  const both = g.add(linear(g, features, 'head', classes), linear(g, distilled, 'head_dist', classes));
  return g.mul(both, g.scalar(0.5), as);
}

/** From the last block to the class probabilities. */
function head(g: Graph, x: Value, c: ViTConfig): void {
  const docs = headDocs(c);
  const { prefix, tokens } = vitSizes(c);
  const { before, after } = normsOf(c);
  const norm = before ? layerNorm(g, x, 'norm', c.normEps, named('norm', docs.norm)) : x;
  let features: Value;
  if (c.pool === 'map') features = attentionPool(g, norm, c);
  else if (c.pool === 'cls') features = g.gather(norm, 1, 0, named('pooled', docs.pooled));
  else {
    const patches = prefix > 0 ? g.slice(norm, 1, prefix, tokens, { dims: ['B', 'N', 'D'] }) : norm;
    const pooled = named('pooled', docs.pooled);
    features =
      c.pool === 'both'
        ? g.concat([g.gather(norm, 1, 0), g.mean(patches, [1], false)], 1, { ...pooled, dims: ['B', '2D'] })
        : g.mean(patches, [1], false, pooled);
  }
  if (after) features = layerNorm(g, features, 'fc_norm', c.normEps, named('fc_norm', docs.fcNorm));
  if (c.preLogits) {
    const hidden = linear(g, features, 'pre_logits.fc', { size: c.preLogits, dim: 'R' });
    features = g.tanh(hidden, named('pre_logits', docs.preLogits));
  }
  if (c.projection) {
    const space = { size: c.projection, dim: 'E' };
    linear(g, features, 'proj', space, { bias: c.projectionBias ?? false, as: named('proj', docs.proj) });
  }
  if (c.classes === 0) return;
  g.softmax(logitsOf(g, features, norm, c), -1, named('probs', docs.probs));
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
  const { image, imageWidth = image, channels } = config;
  const picture = stemDocs(config, false).x;
  const x = g.input('x', [batch, channels, image, imageWidth], ['B', 'C', 'H', 'W'], 'float32', picture);
  let stream = pictureTokens(g, x, config, { posScale: live?.posScale });
  const { mlp } = vitSizes(config);
  const biased = relativePositions(g, config);
  const turned = rotaryPositions(g, config);
  for (let i = 0; i < config.depth; i++) {
    const place = plainPlace(i, interventions);
    const own = { mlp, place, live: atBlock(g, live, i), biased: biased?.(i), turned };
    stream = transformerBlock(g, stream, `blocks.${i}`, { ...config, ...own });
  }
  head(g, stream, config);
  return g;
}
