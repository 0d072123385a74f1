import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { plainPlace } from '../shared/block-docs.ts';
import { transformerBlock } from '../shared/block.ts';
import { layerNorm, linear, tokenTable } from '../shared/layers.ts';
import { checkMae, maeSizes, type MAEConfig } from './config.ts';
import { decoderPlace, maeDocs } from './docs.ts';
import { embed, patchify, unpatchify } from '../shared/patches.ts';
import { sincos2d } from '../shared/positions.ts';

export { maeConfig, maeSizes, maskingOf, MAE_DEFAULTS, type MAEConfig, type MAESizes } from './config.ts';
export { maePresets } from './presets.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** An input of whole floats, as indices. */
function indices(g: Graph, name: string, count: number, dim: string, doc: Doc): Value {
  return g.cast(g.input(name, [count], [dim], 'float32', doc), 'int32');
}

function encoder(g: Graph, batch: number, c: MAEConfig): Value {
  const docs = maeDocs(c);
  const { grid, patches: count, visible, mlp } = maeSizes(c);
  const x = g.input('x', [batch, c.channels, c.image, c.image], ['B', 'C', 'H', 'W'], 'float32', docs.x);
  const ids = indices(g, 'ids_keep', visible, 'V', docs.idsKeep);
  const patches = patchify(g, x, c, named('patches', docs.patches));
  const embedded = embed(g, patches, c, 'patch_embed.proj', named('patch_embed', docs.patchEmbed));
  const table = g.constant(sincos2d(grid, grid, c.dim), [1, count, c.dim], ['1', 'N', 'D']);
  const placed = g.add(embedded, table, named('pos_added', docs.posAdded));
  const seen = g.gather(placed, 1, ids, named('visible', docs.visible));
  // The class token's position is 0.
  const cls = tokenTable(g, 'cls_token', 1, batch, c.dim);
  let stream = g.concat([cls, seen], 1, { ...named('tokens', docs.tokens), dims: ['B', 'T', 'D'] });
  for (let i = 0; i < c.depth; i++) {
    stream = transformerBlock(g, stream, `blocks.${i}`, { ...c, mlp, place: plainPlace(i, false) });
  }
  return layerNorm(g, stream, 'norm', c.normEps, named('norm', docs.norm));
}

function decoder(g: Graph, encoded: Value, c: MAEConfig): void {
  const docs = maeDocs(c);
  const { grid, patches, visible, tokens, decoderTokens, patchValues, decoderMlp } = maeSizes(c);
  const [batch = 1] = encoded.shape;
  const dim = c.decoderDim;
  const width = { size: dim, dim: 'D' };
  const embedded = linear(g, encoded, 'decoder_embed', width, {
    as: named('decoder_embed', docs.decoderEmbed),
  });
  const cls = g.slice(embedded, 1, 0, 1);
  const seen = g.slice(embedded, 1, 1, tokens);
  const mask = g.initializer('mask_token', [1, 1, dim], ['1', '1', 'D']);
  const masked = patches - visible;
  const all =
    masked > 0
      ? g.concat([seen, g.expand(mask, [batch, masked, dim], ['B', 'N', 'D'])], 1, {
          dims: ['B', 'N', 'D'],
        })
      : seen;
  const restore = indices(g, 'ids_restore', patches, 'N', docs.idsRestore);
  const whole = g.gather(all, 1, restore, named('unshuffled', docs.unshuffled));
  const table = new Float32Array(decoderTokens * dim);
  table.set(sincos2d(grid, grid, dim), dim);
  const positions = g.constant(table, [1, decoderTokens, dim], ['1', 'T', 'D']);
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
  decoder(g, encoder(g, options.batch ?? 1, config), config);
  return g;
}
