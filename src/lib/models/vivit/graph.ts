import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { layerNorm, linear } from '../shared/layers.ts';
import { placeOf } from './block-docs.ts';
import { checkVivit, hasCls, vivitSizes, type VivitConfig } from './config.ts';
import { headDocs, STEM_DOCS, tokenDocs } from './docs.ts';
import { declareLive, liveAt, type Live } from './interventions.ts';
import { byTime } from './order.ts';
import { oneStepBlock, spaceThenTime, type BlockAt } from './space-time.ts';
import { splitHeadsBlock } from './split-heads.ts';
import { overTime } from './temporal.ts';
import { withPositions } from './tokens.ts';
import { embedTubelets, tubelets } from './tubelets.ts';

export { vivitConfig, vivitSizes, VIVIT_DEFAULTS, type VivitConfig } from './config.ts';
export { vivitPresets } from './presets.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** A block of the configuration's form. */
function blockOf(g: Graph, x: Value, name: string, at: BlockAt): Value {
  switch (at.config.attention) {
    case 'joint':
      return oneStepBlock(g, x, name, at, 'all');
    case 'factorised-encoder':
      return oneStepBlock(g, x, name, at, 'space');
    case 'factorised-self-attention':
      return spaceThenTime(g, x, name, at);
    case 'factorised-dot-product':
      return splitHeadsBlock(g, x, name, at);
  }
}

/** From the last block to what the head reads, `[B, D]`. */
function pooled(g: Graph, x: Value, c: VivitConfig, live: Live | undefined): Value {
  const docs = headDocs(c);
  const norm = layerNorm(g, x, 'norm', c.normEps, named('norm', docs.norm));
  const as = named('pooled', docs.pooled);
  if (!hasCls(c)) return g.mean(norm, [1], false, as);
  return g.gather(c.attention === 'factorised-encoder' ? overTime(g, norm, c, live) : norm, 1, 0, as);
}

/**
 * A video transformer (ViViT, Arnab et al. 2021) as a graph, in one of its four forms: input `x` `[B, F, C, H, W]`, weights
 * under a ViT's names in timm, with `temporal.` before those of a second encoder, every intermediate named, from `tubelets` to
 * `probs`. Throws ConfigError for a configuration that cannot be built.
 */
export function vivit(config: VivitConfig, options: BuildOptions = {}): Graph {
  checkVivit(config);
  const { batch = 1, interventions = false } = options;
  const { frames, channels, image, tubelet, patch, dim, depth } = config;
  const g = new Graph(`vivit ${frames}×${image}/${tubelet}×${patch} D${dim} L${depth}`);
  const live = interventions ? declareLive(g, config) : undefined;
  const shape = [batch, frames, channels, image, image];
  const x = g.input('x', shape, ['B', 'f', 'C', 'H', 'W'], 'float32', STEM_DOCS.x);
  const cut = tubelets(g, x, config, named('tubelets', STEM_DOCS.tubelets));
  const embedded = embedTubelets(g, cut, config, named('patch_embed', STEM_DOCS.patchEmbed));
  const apart = config.attention === 'factorised-encoder';
  let stream = withPositions(g, apart ? byTime(g, embedded, vivitSizes(config)) : embedded, {
    prefix: '',
    cls: hasCls(config),
    docs: tokenDocs(config, interventions),
    posScale: live?.posScale,
    // With two encoders the positions of the first are of places alone.
    timed: apart || !live ? undefined : { ...vivitSizes(config), scale: live.timePosScale },
  });
  for (let i = 0; i < depth; i++) {
    const at = { config, place: placeOf(i, interventions), live: liveAt(g, live, i) };
    stream = blockOf(g, stream, `blocks.${i}`, at);
  }
  const docs = headDocs(config);
  const features = pooled(g, stream, config, live);
  const classes = { size: config.classes, dim: 'K' };
  const logits = linear(g, features, 'head', classes, { as: named('logits', docs.logits) });
  g.softmax(logits, -1, named('probs', docs.probs));
  return g;
}
