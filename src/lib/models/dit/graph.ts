import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { plainPlace } from '../shared/block-docs.ts';
import { transformerBlock } from '../shared/block.ts';
import { adaBlock, crossBlock, modulate, type DiTBlockOptions } from './blocks.ts';
import { checkDit, ditSizes, type DiTConfig } from './config.ts';
import { headDocs, stemDocs } from './docs.ts';
import { atBlock, declareInterventions, type Interventions } from '../shared/interventions.ts';
import { layerNorm, linear, plainNorm, silu } from '../shared/layers.ts';
import { embed, patchify, unpatchify } from '../shared/patches.ts';
import { sincos2d } from '../shared/positions.ts';
import { classRow, sinusoid, timeInput } from '../shared/time.ts';

export { ditConfig, ditSizes, DIT_DEFAULTS, type DiTConfig, type DiTSizes } from './config.ts';
export { ditPresets } from './presets.ts';

/** Time and class, each `[B, D]`. */
interface Condition {
  readonly time: Value;
  readonly label: Value | undefined;
}

const named = (name: string, doc: Doc) => ({ name, doc });
/** The extent of a DiT. */
export const ditExtent = (c: DiTConfig) => ({ blocks: c.depth, heads: c.heads, tokens: ditSizes(c).tokens });

function condition(g: Graph, batch: number, c: DiTConfig, live: boolean): Condition {
  const docs = stemDocs(c, live);
  const t = timeInput(g, batch, live);
  const waves = sinusoid(
    g,
    t,
    c.timeFrequencies,
    'F',
    named('t_embedder.sinusoid', docs.sinusoid),
    c.timeShift,
  );
  const width = { size: c.dim, dim: 'D' };
  const as0 = named('t_embedder.mlp.0', docs.time0);
  const hidden = linear(g, waves, 't_embedder.mlp.0', width, { as: as0 });
  const act = silu(g, hidden, named('t_embedder.mlp.1', docs.time1));
  const time = linear(g, act, 't_embedder.mlp.2', width, { as: named('t_embedder', docs.time) });
  if (c.classes === 0) return { time, label: undefined };
  const as = named('y_embedder', docs.label);
  const label = classRow(g, batch, 'y_embedder.embedding_table.weight', ditSizes(c).labels, c.dim, as);
  return { time, label };
}

/** Time and class as tokens, `[B, L, D]`. */
function asTokens(g: Graph, { time, label }: Condition): Value {
  const [batch = 1, dim = 1] = time.shape;
  const token = (v: Value) => g.reshape(v, [batch, 1, dim], ['B', 'L', 'D']);
  return label ? g.concat([token(time), token(label)], 1) : token(time);
}

/** From the picture to the tokens of the first block. */
function stem(g: Graph, batch: number, c: DiTConfig, extra: Value | undefined, live?: Interventions): Value {
  const docs = stemDocs(c, live !== undefined);
  const { grid, patches: count } = ditSizes(c);
  const x = g.input('x', [batch, c.channels, c.image, c.image], ['B', 'C', 'H', 'W'], 'float32', docs.x);
  const patches = patchify(g, x, c, named('patches', docs.patches));
  const embedded = embed(g, patches, c, 'x_embedder.proj', named('x_embedder', docs.embedded));
  const last = named('tokens', docs.tokens);
  let placed = embedded;
  if (c.positions === 'sincos2d') {
    const table = g.constant(sincos2d(grid, grid, c.dim), [1, count, c.dim], ['1', 'N', 'D']);
    placed = g.add(embedded, live ? g.mul(table, live.posScale) : table, extra ? undefined : last);
    if (!extra) return placed;
  }
  if (!extra) return g.identity(placed, last);
  return g.concat([placed, extra], 1, { ...last, dims: ['B', 'T', 'D'] });
}

/** From the last block to the predicted picture, and the variance where the model gives one. */
function head(g: Graph, x: Value, cSilu: Value | undefined, c: DiTConfig): void {
  const docs = headDocs(c);
  const { patches, extras, patchValues, outChannels } = ditSizes(c);
  const kept = { ...named('patch_tokens', docs.patchTokens), dims: ['B', 'N', 'D'] };
  let rows = extras > 0 ? g.slice(x, 1, 0, patches, kept) : x;
  const as = named('final_layer.norm', docs.norm);
  if (cSilu) {
    const both = linear(
      g,
      cSilu,
      'final_layer.adaLN_modulation.1',
      { size: 2 * c.dim, dim: '2D' },
      { as: named('final_layer.adaLN_modulation', docs.modulation) },
    );
    const [shift, scale] = g.split(
      both,
      1,
      [c.dim, c.dim],
      [
        { ...named('final_layer.shift', docs.shift), dims: ['B', 'D'] },
        { ...named('final_layer.scale', docs.scale), dims: ['B', 'D'] },
      ],
    );
    const norm = plainNorm(g, rows, c.normEps, as);
    rows = modulate(g, norm, shift!, scale!, named('final_layer.modulated', docs.modulated));
  } else {
    rows = layerNorm(g, rows, 'final_layer.norm_final', c.normEps, as);
  }
  const pixels = { size: (patchValues / c.channels) * outChannels, dim: 'P' };
  const out = linear(g, rows, 'final_layer.linear', pixels, {
    as: named('final_layer.linear', docs.linear),
  });
  const whole = { ...c, channels: outChannels };
  const picture = unpatchify(g, out, whole, named('unpatchify', docs.unpatchify));
  const prediction = named('prediction', docs.prediction);
  if (!c.learnSigma) return void g.identity(picture, prediction);
  g.slice(picture, 1, c.channels, outChannels, named('variance', docs.variance));
  g.slice(picture, 1, 0, c.channels, prediction);
}

/**
 * A DiT (Peebles & Xie 2023) as a graph. Inputs: `x` `[B, C, H, W]`, `t` `[B]` as the network is fed it (0 … 999), with
 * classes `y` `[B]` (whole floats; K is "no class"). Weights and tensors have the names of the published code's modules,
 * from `patches` to `prediction` `[B, C, H, W]`. Throws ConfigError for a configuration that cannot be built.
 */
export function dit(config: DiTConfig, options: BuildOptions = {}): Graph {
  checkDit(config);
  const { batch = 1, interventions = false } = options;
  const c = config;
  const g = new Graph(`dit ${c.image}/${c.patch} D${c.dim} L${c.depth}`);
  const live = interventions ? declareInterventions(g, ditExtent(c)) : undefined;
  const given = condition(g, batch, c, interventions);
  const tokens = c.condition === 'in-context' || c.condition === 'cross-attention';
  const context = tokens ? asTokens(g, given) : undefined;
  const cSilu = tokens ? undefined : silu(...summed(g, given, c));
  let x = stem(g, batch, c, c.condition === 'in-context' ? context : undefined, live);
  for (let i = 0; i < c.depth; i++) {
    const name = `blocks.${i}`;
    const place = plainPlace(i, interventions);
    const o: DiTBlockOptions = { config: c, place, live: atBlock(g, live, i) };
    if (cSilu) x = adaBlock(g, x, cSilu, name, o);
    else if (c.condition === 'cross-attention' && context) x = crossBlock(g, x, context, name, o);
    else x = transformerBlock(g, x, name, { ...c, mlp: ditSizes(c).mlp, place, live: o.live });
  }
  head(g, x, cSilu, c);
  return g;
}

/** Arguments of SiLU: the condition c = time + class, named `c`, and the name of the result. */
function summed(
  g: Graph,
  { time, label }: Condition,
  config: DiTConfig,
): [Graph, Value, { name: string; doc: Doc }] {
  const docs = stemDocs(config, false);
  const as = named('c', docs.c);
  const c = label ? g.add(time, label, as) : g.identity(time, as);
  return [g, c, named('c_silu', docs.cSilu)];
}
