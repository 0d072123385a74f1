import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { checkDetr, detrSizes, type DetrConfig } from './config.ts';
import { memoryDocs, STEM_DOCS, withPosDoc } from './docs.ts';
import { heads } from './heads.ts';
import { declareLive, type Live } from './interventions.ts';
import { decoderLayer, encoderLayer } from './layers.ts';
import { sinePositions } from './sines.ts';
import { features } from './stems.ts';

export { detrConfig, detrSizes, DETR_DEFAULTS, type DetrConfig } from './config.ts';
export { detrPresets } from './presets.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** The map at width D, and its places in one sequence, `[B, N, D]`. */
function tokensOf(g: Graph, map: Value, { dim }: DetrConfig): Value {
  const [batch = 1, width = 1, rows = 1, columns = 1] = map.shape;
  const weight = g.initializer('input_proj.weight', [dim, width, 1, 1], ['D', 'C', '1', '1']);
  const bias = g.initializer('input_proj.bias', [dim], ['D']);
  const as = { ...named('input_proj', STEM_DOCS.inputProj), dims: ['B', 'D', 'gh', 'gw'] };
  const projected = g.conv(map, weight, bias, {}, as);
  const flat = g.reshape(projected, [batch, dim, rows * columns], ['B', 'D', 'N']);
  return g.transpose(flat, [0, 2, 1], named('tokens', STEM_DOCS.tokens));
}

/** The learned queries `[Q, D]`; where they are not to differ, each comes near their mean. */
function queriesOf(g: Graph, { queries, dim }: DetrConfig, live: Live | undefined): Value {
  const learned = g.initializer('query_embed.weight', [queries, dim], ['Q', 'D']);
  if (!live) return learned;
  const mean = g.mean(learned, [0], true);
  return g.add(mean, g.mul(g.sub(learned, mean), live.querySpread));
}

/**
 * A detector (DETR, Carion et al. 2020) as a graph: input `x` `[B, C, H, W]`, weights under the published names, every
 * intermediate named after its module, up to `logits` `[B, Q, K + 1]`, `probs` and `boxes` `[B, Q, 4]`; what the heads say
 * after earlier layers of the decoder is `logits.0`, `probs.0`, `boxes.0` and so on. Throws ConfigError for a
 * configuration that cannot be built.
 */
export function detr(config: DetrConfig, options: BuildOptions = {}): Graph {
  checkDetr(config);
  const { batch = 1, interventions = false } = options;
  const { channels, stem, stride, dim, encoderDepth, decoderDepth } = config;
  const { height, width, rows, columns, tokens } = detrSizes(config);
  const g = new Graph(`detr ${height}×${width} ${stem}/${stride} D${dim} L${encoderDepth}+${decoderDepth}`);
  const live = interventions ? declareLive(g, config) : undefined;
  const x = g.input('x', [batch, channels, height, width], ['B', 'C', 'H', 'W'], 'float32', STEM_DOCS.x);

  const table = g.constant(sinePositions(rows, columns, dim), [1, tokens, dim], ['1', 'N', 'D']);
  const scaled = (by: Value | undefined) => (by ? g.mul(table, by) : table);
  const positions = scaled(live?.posScale);
  let stream = tokensOf(g, features(g, x, config), config);
  if (config.positionsAtInput)
    stream = g.add(stream, positions, named('tokens.with_pos', withPosDoc(interventions)));
  for (let index = 0; index < encoderDepth; index++)
    stream = encoderLayer(g, stream, positions, `transformer.encoder.layers.${index}`, {
      config,
      live,
      index,
    });

  const docs = memoryDocs(config, interventions);
  const memory = g.identity(stream, named('memory', docs.memory));
  const keys = g.add(memory, scaled(live?.keyPosScale), named('transformer.decoder.keys', docs.keys));
  const shared = { queries: queriesOf(g, config, live), memory, keys };
  // The decoder begins with zeros: a query is told from another by its embedding alone.
  let answers = g.filled(0, [batch, config.queries, dim], ['B', 'Q', 'D']);
  const read = heads(g, config, live);
  for (let index = 0; index < decoderDepth; index++) {
    answers = decoderLayer(g, answers, shared, `transformer.decoder.layers.${index}`, {
      config,
      live,
      index,
    });
    read(answers, index);
  }
  return g;
}
