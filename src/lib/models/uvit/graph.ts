import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { transformerBlock } from '../shared/block.ts';
import { atBlock, declareInterventions, type Interventions } from '../shared/interventions.ts';
import { layerNorm, linear, silu } from '../shared/layers.ts';
import { embed, patchify, unpatchify } from '../shared/patches.ts';
import { sincos2d } from '../shared/positions.ts';
import { classRow, sinusoid, timeInput } from '../shared/time.ts';
import { checkUVit, contextOf, uvitSizes, type UViTConfig } from './config.ts';
import { headDocs, skipDocs, stemDocs, uvitPlace } from './docs.ts';

export { uvitConfig, uvitSizes, UVIT_DEFAULTS, type UViTConfig, type UViTSizes } from './config.ts';
export { uvitPresets } from './presets.ts';

/** What may be changed in a running U-ViT. */
interface Live extends Interventions {
  /** `[n]`: factor on the long skip into each out-block. */
  readonly skipGates: Value | undefined;
  /** A scalar: share of the convolution. */
  readonly convGate: Value | undefined;
}

const named = (name: string, doc: Doc) => ({ name, doc });
/** The extent of a U-ViT. */
export const uvitExtent = (c: UViTConfig) => ({
  blocks: uvitSizes(c).blocks,
  heads: c.heads,
  tokens: uvitSizes(c).tokens,
});

function declare(g: Graph, c: UViTConfig): Live {
  const { half } = uvitSizes(c);
  const skipGates = { en: 'Gates of the long skips', zh: '长跳跃连接的门控系数' };
  const convGate = { en: 'Share of the convolution', zh: '卷积的份额' };
  return {
    ...declareInterventions(g, uvitExtent(c)),
    skipGates:
      c.skip === 'none'
        ? undefined
        : g.input('skip_gates', [half], ['depth'], 'float32', { title: skipGates }),
    convGate: c.conv ? g.input('conv_gate', [], [], 'float32', { title: convGate }) : undefined,
  };
}

/** `[B, D]` as one token, `[B, 1, D]`. */
function asToken(g: Graph, row: Value, as: { name: string; doc: Doc }): Value {
  const [batch = 1, dim = 1] = row.shape;
  return g.reshape(row, [batch, 1, dim], ['B', '1', 'D'], as);
}

function timeToken(g: Graph, batch: number, c: UViTConfig, live: boolean): Value {
  const docs = stemDocs(c, live);
  const t = timeInput(g, batch, live);
  let row = sinusoid(g, t, c.dim, 'D', named('timestep_embedding', docs.timestep));
  if (c.timeMlp) {
    const wide = { size: 4 * c.dim, dim: 'M' };
    const hidden = linear(g, row, 'time_embed.0', wide, { as: named('time_embed.0', docs.mlp0) });
    const act = silu(g, hidden, named('time_embed.1', docs.mlp1));
    const out = { size: c.dim, dim: 'D' };
    row = linear(g, act, 'time_embed.2', out, { as: named('time_embed.2', docs.mlp2) });
  }
  return asToken(g, row, named('time_token', docs.timeToken));
}

/** From the picture, the time and the condition to the tokens of the first block. */
function stem(g: Graph, batch: number, c: UViTConfig, live: Live | undefined): Value {
  const docs = stemDocs(c, live !== undefined);
  const sizes = uvitSizes(c);
  const x = g.input('x', [batch, c.channels, c.image, c.image], ['B', 'C', 'H', 'W'], 'float32', docs.x);
  const patches = patchify(g, x, c, named('patches', docs.patches));
  const patchEmbed = embed(g, patches, c, 'patch_embed.proj', named('patch_embed', docs.patchEmbed));

  const sequence: Value[] = [timeToken(g, batch, c, live !== undefined), patchEmbed];
  if (c.classes > 0) {
    const row = classRow(g, batch, 'label_emb.weight', sizes.labels, c.dim);
    sequence.unshift(asToken(g, row, named('label_token', docs.labelToken)));
  }
  const text = contextOf(c);
  if (text.tokens > 0) {
    const given = [batch, text.tokens, text.dim];
    const context = g.input('context', given, ['B', 'L', 'D'], 'float32', docs.context);
    const width = { size: c.dim, dim: 'D' };
    const as = named('context_tokens', docs.contextTokens);
    sequence.splice(-1, 0, linear(g, context, 'context_embed', width, { as }));
  }
  const cat = { ...named('token_cat', docs.tokenCat), dims: ['B', 'T', 'D'] };
  const all = g.concat(sequence, 1, cat);

  const last = named('tokens', docs.tokens);
  if (c.positions === 'none') return g.identity(all, last);
  const table = positions(g, c);
  return g.add(all, live ? g.mul(table, live.posScale) : table, last);
}

/** The position table, `[1, T, D]`; in the fixed one tokens that are no patches have 0. */
function positions(g: Graph, c: UViTConfig): Value {
  const { grid, extras, tokens } = uvitSizes(c);
  const shape = [1, tokens, c.dim];
  if (c.positions === 'learned') return g.initializer('pos_embed', shape, ['1', 'T', 'D']);
  const table = new Float32Array(tokens * c.dim);
  table.set(sincos2d(grid, grid, c.dim), extras * c.dim);
  return g.constant(table, shape, ['1', 'T', 'D']);
}

/** The stream `h` of out-block `j` with the output `from` of its in-block taken in. */
function longSkip(
  g: Graph,
  h: Value,
  from: Value,
  j: number,
  c: UViTConfig,
  gates: Value | undefined,
  docs: ReturnType<typeof skipDocs>,
): Value {
  const name = `out_blocks.${j}`;
  const as = named(`${name}.skip`, docs.skip);
  const skip = gates ? g.mul(from, g.gather(gates, 0, j), as) : g.identity(from, as);
  const project = (x: Value) =>
    linear(
      g,
      x,
      `${name}.skip_linear`,
      { size: c.dim, dim: 'D' },
      { as: named(`${name}.skip_linear`, docs.linear) },
    );
  const sum = named(`${name}.skip_add`, docs.sum);
  if (c.skip === 'add') return g.add(h, skip, sum);
  if (c.skip === 'project-add') return g.add(h, project(skip), sum);
  if (c.skip === 'add-project') return project(g.add(h, skip, sum));
  const cat = { ...named(`${name}.skip_cat`, docs.cat), dims: ['B', 'T', '2D'] };
  return project(g.concat([h, skip], 2, cat));
}

/** From the last block to the predicted picture. */
function head(g: Graph, x: Value, c: UViTConfig, live: Live | undefined): void {
  const docs = headDocs(c, live !== undefined);
  const { extras, tokens, patchValues } = uvitSizes(c);
  const norm = layerNorm(g, x, 'norm', c.normEps, named('norm', docs.norm));
  const pixels = { size: patchValues, dim: 'P' };
  const pred = linear(g, norm, 'decoder_pred', pixels, { as: named('decoder_pred', docs.pred) });
  const kept = { ...named('patch_pred', docs.patchPred), dims: ['B', 'N', 'P'] };
  const rows = g.slice(pred, 1, extras, tokens, kept);
  const picture = unpatchify(g, rows, c, named('unpatchify', docs.unpatchify));
  const last = named('prediction', docs.prediction);
  if (!c.conv) return void g.identity(picture, last);

  const kernel = g.initializer('final_layer.weight', [c.channels, c.channels, 3, 3], ['C', 'C', '3', '3']);
  const bias = g.initializer('final_layer.bias', [c.channels], ['C']);
  const padded = { pads: [1, 1, 1, 1] } as const;
  const smooth = g.conv(picture, kernel, bias, padded, {
    ...named('final_layer', docs.conv),
    dims: ['B', 'C', 'H', 'W'],
  });
  if (!live?.convGate) return void g.identity(smooth, last);
  const without = g.mul(picture, g.sub(g.scalar(1), live.convGate));
  g.add(g.mul(smooth, live.convGate), without, last);
}

/**
 * A U-ViT (Bao et al. 2023, "All are Worth Words") as a graph. Inputs: `x` `[B, C, H, W]`, `t` `[B]` as the network is
 * fed it, with classes `y` `[B]` (whole floats; K is "no class"), with text `context` `[B, L, Dc]`. Tokens are
 * [label, time, text, patches]. Weights and tensors have the names of the published code's modules, from `patches` to
 * `prediction` `[B, C, H, W]`. Throws ConfigError for a configuration that cannot be built.
 */
export function uvit(config: UViTConfig, options: BuildOptions = {}): Graph {
  checkUVit(config);
  const { batch = 1, interventions = false } = options;
  const c = config;
  const g = new Graph(`uvit ${c.image}/${c.patch} D${c.dim} L${c.depth}`);
  const live = interventions ? declare(g, c) : undefined;
  const { half, blocks, mlp } = uvitSizes(c);
  const skips: Value[] = [];
  let stream = stem(g, batch, c, live);
  for (let b = 0; b < blocks; b++) {
    const j = b - half - 1;
    const name = b < half ? `in_blocks.${b}` : b === half ? 'mid_block' : `out_blocks.${j}`;
    const from = j >= 0 ? skips.pop() : undefined;
    if (from && c.skip !== 'none') {
      stream = longSkip(g, stream, from, j, c, live?.skipGates, skipDocs(c, j, interventions));
    }
    const place = uvitPlace(c, b, interventions);
    stream = transformerBlock(g, stream, name, { ...c, mlp, place, live: atBlock(g, live, b) });
    if (b < half) skips.push(stream);
  }
  head(g, stream, c, live);
  return g;
}
