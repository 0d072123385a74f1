import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { layerNorm, linear } from '../shared/layers.ts';
import { embed, patchify } from '../shared/patches.ts';
import { sincos2d } from '../shared/positions.ts';
import { placeOf } from './block-docs.ts';
import { swinBlock } from './block.ts';
import { checkSwin, hasWindows, isShifted, stagesOf, type Stage, type SwinConfig } from './config.ts';
import { headDocs, stageDocs, stemDocs } from './docs.ts';
import { declareLive, liveAt, type Live } from './interventions.ts';
import { declareKept } from './kept.ts';
import { windowScores } from '../shared/windows.ts';

export { stagesOf, swinConfig, SWIN_DEFAULTS, type SwinConfig } from './config.ts';
export { swinPresets } from './presets.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** From the picture to the tokens of stage 0. */
function stem(g: Graph, x: Value, c: SwinConfig, live: Live | undefined): Value {
  const docs = stemDocs(live !== undefined);
  const patches = patchify(g, x, c, named('patches', docs.patches));
  const proj = embed(g, patches, c, 'patch_embed.proj', named('patch_embed.proj', docs.proj));
  const tokens = layerNorm(g, proj, 'patch_embed.norm', c.normEps, named('patch_embed', docs.embed));
  if (c.positions === 'none') return tokens;
  const grid = c.image / c.patch;
  const table = g.constant(sincos2d(grid, grid, c.dim), [1, grid * grid, c.dim], ['1', 'N', 'D']);
  const placed = live?.posScale ? g.mul(table, live.posScale) : table;
  return g.add(tokens, placed, named('pos_added', docs.positions));
}

/** Patch merging, `[B, N, D]` to `[B, N/4, 2D]`: four neighbours side by side, a LayerNorm, a linear layer without bias. */
function merge(g: Graph, x: Value, s: number, grid: number, eps: number): Value {
  const docs = stageDocs(s, 0);
  const name = `layers.${s}.downsample`;
  const [batch = 1, tokens = 1, width = 1] = x.shape;
  const half = grid / 2;
  const cut = g.reshape(x, [batch, half, 2, half, 2, width], ['B', 'gh', '2', 'gw', '2', 'D']);
  // Of the four, the row's neighbour comes before the column's.
  const ordered = g.transpose(cut, [0, 1, 3, 4, 2, 5]);
  const merged = g.reshape(
    ordered,
    [batch, tokens / 4, 4 * width],
    ['B', 'N', '4D'],
    named(`${name}.merged`, docs.merged),
  );
  const norm = layerNorm(g, merged, `${name}.norm`, eps, named(`${name}.norm`, docs.norm));
  const out = { size: 2 * width, dim: 'D' };
  return linear(g, norm, `${name}.reduction`, out, { bias: false, as: named(name, docs.downsample) });
}

/** How active the windows of a stage are when it begins: what pruning goes by. */
function score(g: Graph, x: Value, s: number, stage: Stage): void {
  const docs = stageDocs(s, stage.shift);
  windowScores(g, x, stage, 0, named(`layers.${s}.window_scores`, docs.scores));
  if (stage.shift === 0) return;
  const shifted = named(`layers.${s}.shifted_window_scores`, docs.shiftedScores);
  windowScores(g, x, stage, -stage.shift, shifted);
}

/** From the last block to the class probabilities. */
function head(g: Graph, x: Value, c: SwinConfig): void {
  const docs = headDocs(c);
  const norm = layerNorm(g, x, 'norm', c.normEps, named('norm', docs.norm));
  const pooled = g.mean(norm, [1], false, named('pooled', docs.pooled));
  const classes = { size: c.classes, dim: 'K' };
  const logits = linear(g, pooled, 'head.fc', classes, { as: named('logits', docs.logits) });
  g.softmax(logits, -1, named('probs', docs.probs));
}

/**
 * A hierarchical vision transformer (Swin, Liu et al. 2021) as a graph, its attention one of five kinds: input `x`
 * `[B, C, H, W]`, weights under timm's names, every intermediate named after timm's module path, from `patches` to
 * `probs`. Throws ConfigError for a configuration that cannot be built.
 */
export function swin(config: SwinConfig, options: BuildOptions = {}): Graph {
  checkSwin(config);
  const { batch = 1, interventions = false } = options;
  const { image, channels, patch, dim, depths, normEps } = config;
  const g = new Graph(`swin ${image}/${patch} D${dim} L${depths.join('-')}`);
  const live = interventions ? declareLive(g, config) : undefined;
  const x = g.input('x', [batch, channels, image, image], ['B', 'C', 'H', 'W'], 'float32', stemDocs(false).x);
  const kept = declareKept(g, config);
  let stream = stem(g, x, config, live);
  let number = 0;
  stagesOf(config).forEach((stage, s) => {
    if (s > 0) stream = merge(g, stream, s, 2 * stage.grid, normEps);
    if (hasWindows(config)) score(g, stream, s, stage);
    for (let index = 0; index < stage.depth; index++) {
      const at = [s, index, isShifted(stage, index)] as const;
      const prunes = hasWindows(config) && stage.kept === undefined;
      stream = swinBlock(g, stream, `layers.${s}.blocks.${index}`, {
        config,
        stage,
        index,
        place: placeOf(s, index, number++, interventions, prunes),
        live: liveAt(g, config, live, at),
        kept: kept.get(`layers.${s}.${at[2] ? 'shifted_' : ''}`),
      });
    }
  });
  head(g, stream, config);
  return g;
}
