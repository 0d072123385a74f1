import type { As, Doc, Graph, Value } from '#lib/graph/index.ts';
import { groupNorm } from './convolution.ts';
import { silu } from './layers.ts';
import { attnDocs, resDocs, resizeDoc, type ResidualPlace } from './residual-docs.ts';

/** Names of a map's dimensions. */
export const MAP = ['B', 'C', 'H', 'W'];

export const named = (name: string, doc: Doc) => ({ name, doc });

/** What all blocks of one convolutional network share. */
export interface ResidualSite {
  readonly g: Graph;
  /** Groups and ε of every group norm. */
  readonly groups: number;
  readonly normEps: number;
}

interface ConvOptions {
  readonly stride?: number;
  readonly pads?: readonly [number, number, number, number];
}

/** A k × k convolution to `out` channels with bias. */
export function conv(
  g: Graph,
  x: Value,
  name: string,
  out: number,
  k: number,
  as?: As,
  o: ConvOptions = {},
): Value {
  const weight = g.initializer(`${name}.weight`, [out, x.shape[1] ?? 1, k, k], ['D', 'C', 'k', 'k']);
  const edge = (k - 1) / 2;
  const pads = o.pads ?? ([edge, edge, edge, edge] as const);
  const bias = g.initializer(`${name}.bias`, [out], ['D']);
  const value = g.conv(x, weight, bias, { pads, ...(o.stride && { stride: o.stride }) });
  return g.identity(value, { dims: MAP, ...(typeof as === 'string' ? { name: as } : as) });
}

/** Nearest-neighbour doubling of both sides. */
function doubled(g: Graph, x: Value): Value {
  const [b = 1, c = 1, h = 1, w = 1] = x.shape;
  const apart = g.reshape(x, [b, c, h, 1, w, 1], ['B', 'C', 'H', '1', 'W', '1']);
  const wide = g.expand(apart, [b, c, h, 2, w, 2], ['B', 'C', 'H', '2', 'W', '2']);
  return g.reshape(wide, [b, c, 2 * h, 2 * w], MAP);
}

/** Both sides halved by a convolution of stride 2; zeros below and to the right, as TensorFlow pads even sides. */
export function halvedBy(g: Graph, x: Value, name: string): Value {
  const [, channels = 1, side = 1] = x.shape;
  const as = named(name, resizeDoc('down', side / 2));
  return conv(g, x, `${name}.conv`, channels, 3, as, { stride: 2, pads: [0, 0, 1, 1] });
}

/** Both sides doubled, then a convolution. */
export function doubledBy(g: Graph, x: Value, name: string): Value {
  const [, channels = 1, side = 1] = x.shape;
  return conv(g, doubled(g, x), `${name}.conv`, channels, 3, named(name, resizeDoc('up', 2 * side)));
}

/**
 * Group norm, SiLU, convolution, twice; a 1 × 1 shortcut where channels change.
 * @param told what a block is told between its two halves, given the first one's `[B, C, H, W]`, or that after its norm
 */
export function resBlock(
  { g, groups, normEps }: ResidualSite,
  x: Value,
  name: string,
  out: number,
  place: ResidualPlace,
  told: { readonly between?: (h: Value) => Value; readonly normed?: (h: Value) => Value } = {},
): Value {
  const shortcut = x.shape[1] !== out;
  const docs = resDocs(place, shortcut);
  const norm1 = groupNorm(g, x, `${name}.norm1`, groups, normEps, named(`${name}.norm1`, docs.norm1));
  const conv1 = conv(g, silu(g, norm1), `${name}.conv1`, out, 3, named(`${name}.conv1`, docs.conv1));
  const middle = told.between?.(conv1) ?? conv1;
  const norm2 = groupNorm(g, middle, `${name}.norm2`, groups, normEps, named(`${name}.norm2`, docs.norm2));
  const second = told.normed?.(norm2) ?? norm2;
  const conv2 = conv(g, silu(g, second), `${name}.conv2`, out, 3, named(`${name}.conv2`, docs.conv2));
  const as = named(`${name}.nin_shortcut`, docs.shortcut);
  const carried = shortcut ? conv(g, x, `${name}.nin_shortcut`, out, 1, as) : x;
  return g.add(carried, conv2, named(name, docs.out));
}

/** Single-head self-attention between all pixels (Ho et al. 2020, appendix B). */
export function attnBlock(
  { g, groups, normEps }: ResidualSite,
  x: Value,
  name: string,
  place: ResidualPlace,
): Value {
  const docs = attnDocs(place);
  const [batch = 1, channels = 1, rows = 1, cols = 1] = x.shape;
  const norm = groupNorm(g, x, `${name}.norm`, groups, normEps, named(`${name}.norm`, docs.norm));
  const pixels = (part: 'q' | 'k' | 'v') =>
    g.reshape(
      conv(g, norm, `${name}.${part}`, channels, 1),
      [batch, channels, rows * cols],
      ['B', 'C', 'T'],
      named(`${name}.${part}`, docs[part]),
    );
  const q = g.transpose(pixels('q'), [0, 2, 1]);
  const product = g.matmul(q, pixels('k'));
  const scores = g.mul(product, g.scalar(1 / Math.sqrt(channels)), {
    ...named(`${name}.scores`, docs.scores),
    dims: ['B', 'T', 'T'],
  });
  const probs = g.softmax(scores, -1, named(`${name}.probs`, docs.probs));
  const mixed = g.matmul(pixels('v'), g.transpose(probs, [0, 2, 1]), named(`${name}.mixed`, docs.mixed));
  const picture = g.reshape(mixed, x.shape, MAP);
  const proj = conv(g, picture, `${name}.proj_out`, channels, 1, named(`${name}.proj_out`, docs.proj));
  return g.add(x, proj, named(name, docs.out));
}
