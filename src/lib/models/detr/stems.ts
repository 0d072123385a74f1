import type { Graph, Value } from '#lib/graph/index.ts';
import { groupNorm } from '../shared/convolution.ts';
import { affine } from '../shared/layers.ts';
import { patchify } from '../shared/patches.ts';
import { detrSizes, GROUPS, type DetrConfig } from './config.ts';
import { convolutionDocs, STEM_DOCS } from './docs.ts';
import { resnet } from './resnet.ts';

const MAP = ['B', 'D', 'gh', 'gw'];

/** From a picture `[B, C, H, W]` to the map whose places are the tokens, `[B, features, rows, columns]`. */
export function features(g: Graph, x: Value, c: DetrConfig): Value {
  switch (c.stem) {
    case 'patches':
      return patchMap(g, x, c);
    case 'cnn':
      return convolutions(g, x, c);
    case 'resnet':
      return resnet(g, x, detrSizes(c).resnet);
  }
}

/** One linear map of every patch: a ViT's embedding, laid out as a map. */
function patchMap(g: Graph, x: Value, c: DetrConfig): Value {
  const { dim, channels, stride, image, imageWidth = image } = c;
  const { rows, columns } = detrSizes(c);
  const cut = { image, imageWidth, channels, patch: stride };
  const patches = patchify(g, x, cut, { name: 'backbone.patches', doc: STEM_DOCS.patches });
  const weight = g.initializer(
    'backbone.patch_embed.weight',
    [dim, channels, stride, stride],
    ['D', 'C', 'p', 'p'],
  );
  const flat = g.reshape(weight, [dim, channels * stride * stride], ['D', 'P']);
  const embedded = affine(g, patches, flat, g.initializer('backbone.patch_embed.bias', [dim], ['D']));
  const shape = [x.shape[0] ?? 1, dim, rows, columns];
  const as = { name: 'backbone.patch_embed', doc: STEM_DOCS.patchEmbed };
  return g.reshape(g.transpose(embedded, [0, 2, 1]), shape, MAP, as);
}

/** Convolutions of 3 × 3 that halve the sides, each with a group norm and a ReLU. */
function convolutions(g: Graph, x: Value, c: DetrConfig): Value {
  return detrSizes(c).convolutions.reduce((map, out, i) => {
    const name = `backbone.stem.${i}`;
    const docs = convolutionDocs(i);
    const weight = g.initializer(`${name}.conv.weight`, [out, map.shape[1] ?? 1, 3, 3], ['D', 'C', 'k', 'k']);
    const bias = g.initializer(`${name}.conv.bias`, [out], ['D']);
    const options = { stride: 2, pads: [1, 1, 1, 1] } as const;
    const conv = g.conv(map, weight, bias, options, { name: `${name}.conv`, doc: docs.conv, dims: MAP });
    const as = { name: `${name}.norm`, doc: docs.norm };
    const norm = groupNorm(g, conv, `${name}.norm`, GROUPS, c.normEps, as);
    return g.relu(norm, { name, doc: docs.output });
  }, x);
}
