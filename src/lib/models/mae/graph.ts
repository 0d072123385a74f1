import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { plainPlace } from '../shared/block-docs.ts';
import { transformerBlock } from '../shared/block.ts';
import { layerNorm, linear, tokenTable } from '../shared/layers.ts';
import { checkMae, maeSizes, type MAEConfig, type MAESizes } from './config.ts';
import { decoderPlace, maeDocs } from './docs.ts';
import { declareMaeLive, type MaeLive } from './interventions.ts';
import { embed, patchify, unpatchify } from '../shared/patches.ts';
import { sincos2d } from '../shared/positions.ts';

export {
  maeConfig,
  maeSizes,
  maskingOf,
  maskRatioFor,
  MAE_DEFAULTS,
  type MAEConfig,
  type MAESizes,
} from './config.ts';
export { maePresets } from './presets.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** An input of whole floats, as indices. */
function indices(g: Graph, name: string, count: number, dim: string, doc: Doc): Value {
  return g.cast(g.input(name, [count], [dim], 'float32', doc), 'int32');
}

function encoder(g: Graph, batch: number, c: MAEConfig, live: MaeLive | undefined): Value {
  const docs = maeDocs(c, live !== undefined);
  const { grid, patches: count, visible, mlp } = maeSizes(c);
  const x = g.input('x', [batch, c.channels, c.image, c.image], ['B', 'C', 'H', 'W'], 'float32', docs.x);
  const ids = indices(g, 'ids_keep', visible, 'V', docs.idsKeep);
  const patches = patchify(g, x, c, named('patches', docs.patches));
  const embedded = embed(g, patches, c, 'patch_embed.proj', named('patch_embed', docs.patchEmbed));
  const table = g.constant(sincos2d(grid, grid, c.dim), [1, count, c.dim], ['1', 'N', 'D']);
  const scaled = live ? g.mul(embedded, live.patchScale) : embedded;
  const placed = g.add(scaled, table, named('pos_added', docs.posAdded));
  const seen = g.gather(placed, 1, ids, named('visible', docs.visible));
  // The class token's position is 0.
  const cls = tokenTable(g, 'cls_token', 1, batch, c.dim);
  let stream = g.concat([cls, seen], 1, { ...named('tokens', docs.tokens), dims: ['B', 'T', 'D'] });
  for (let i = 0; i < c.depth; i++) {
    stream = transformerBlock(g, stream, `blocks.${i}`, { ...c, mlp, place: plainPlace(i, false) });
  }
  return layerNorm(g, stream, 'norm', c.normEps, named('norm', docs.norm));
}

/** The mask token `[1, 1, D]`, or what stands in its place `[B, 1, D]`. */
function maskToken(g: Graph, seen: Value, dim: number, live: MaeLive | undefined): Value {
  const token = g.initializer('mask_token', [1, 1, dim], ['1', '1', 'D']);
  if (!live) return token;
  const mean = g.mul(g.mean(seen, [1], true), live.maskMean);
  return g.add(g.mul(token, live.maskScale), mean);
}

/** Positions of the decoder `[1, T, D]`; the class token's is 0. */
function decoderPositions(
  g: Graph,
  { grid, patches }: MAESizes,
  dim: number,
  live: MaeLive | undefined,
): Value {
  const table = sincos2d(grid, grid, dim);
  if (live) {
    const places = g.constant(table, [1, patches, dim], ['1', 'N', 'D']);
    const none = g.filled(0, [1, 1, dim], ['1', 'T', 'D']);
    return g.concat([none, g.gather(places, 1, live.places)], 1, { dims: ['1', 'T', 'D'] });
  }
  const whole = new Float32Array((patches + 1) * dim);
  whole.set(table, dim);
  return g.constant(whole, [1, patches + 1, dim], ['1', 'T', 'D']);
}

function decoder(g: Graph, encoded: Value, c: MAEConfig, live: MaeLive | undefined): void {
  const docs = maeDocs(c, live !== undefined);
  const sizes = maeSizes(c);
  const { patches, visible, tokens, decoderTokens, patchValues, decoderMlp } = sizes;
  const [batch = 1] = encoded.shape;
  const dim = c.decoderDim;
  const width = { size: dim, dim: 'D' };
  const embedded = linear(g, encoded, 'decoder_embed', width, {
    as: named('decoder_embed', docs.decoderEmbed),
  });
  const cls = g.slice(embedded, 1, 0, 1);
  const seen = g.slice(embedded, 1, 1, tokens);
  const mask = maskToken(g, seen, dim, live);
  const masked = patches - visible;
  const all =
    masked > 0
      ? g.concat([seen, g.expand(mask, [batch, masked, dim], ['B', 'N', 'D'])], 1, {
          dims: ['B', 'N', 'D'],
        })
      : seen;
  const restore = indices(g, 'ids_restore', patches, 'N', docs.idsRestore);
  const whole = g.gather(all, 1, restore, named('unshuffled', docs.unshuffled));
  const positions = decoderPositions(g, sizes, dim, live);
  const sequence = g.concat([cls, whole], 1, { dims: ['B', 'T', 'D'] });
  let stream = g.add(sequence, positions, named('decoder_tokens', docs.decoderTokens));
  const { qkvBias, normEps, gelu, decoderHeads: heads } = c;
  for (let i = 0; i < c.decoderDepth; i++) {
    const options = { heads, qkvBias, normEps, gelu, mlp: decoderMlp, place: decoderPlace(i) };
    stream = transformerBlock(g, stream, `decoder_blocks.${i}`, options);
  }
  const norm = layerNorm(g, stream, 'decoder_norm', normEps, named('decoder_norm', docs.decoderNorm));
  const pixels = { size: patchValues, dim: 'P' };
  const pred = linear(g, norm, 'decoder_pred', pixels, { as: named('decoder_pred', docs.pred) });
  const kept = { ...named('patch_pred', docs.patchPred), dims: ['B', 'N', 'P'] };
  const rows = g.slice(pred, 1, 1, decoderTokens, kept);
  unpatchify(g, rows, c, named('reconstruction', docs.reconstruction));
}

/**
 * A masked autoencoder (He et al. 2022) as a graph. Inputs: `x` `[B, C, H, W]`, `ids_keep` `[V]` and `ids_restore` `[N]`
 * as whole floats, one masking for the batch (`maskingOf`). The encoder never sees a masked patch. Weights and tensors
 * have the names of the published code, from `patches` to `reconstruction` `[B, C, H, W]`.
 * Throws ConfigError for a configuration that cannot be built.
 */
export function mae(config: MAEConfig, options: BuildOptions = {}): Graph {
  checkMae(config);
  const g = new Graph(`mae ${config.image}/${config.patch} D${config.dim} L${config.depth}`);
  const live = options.interventions ? declareMaeLive(g, config) : undefined;
  decoder(g, encoder(g, options.batch ?? 1, config, live), config, live);
  return g;
}
