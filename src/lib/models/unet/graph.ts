import { Graph, type As, type Doc, type Value } from '#lib/graph/index.ts';
import { groupNorm } from '../shared/convolution.ts';
import { linear, silu } from '../shared/layers.ts';
import { classRow, sinusoid } from '../shared/time.ts';
import { checkUnet, unetSizes, type UNetConfig } from './config.ts';
import { attnDocs, placeOf, resDocs, resizeDoc, STEM, type UNetPlace } from './docs.ts';

export * from './config.ts';

const named = (name: string, doc: Doc) => ({ name, doc });
const PICTURE = ['B', 'C', 'H', 'W'];

interface ConvOptions {
  readonly stride?: number;
  readonly pads?: readonly [number, number, number, number];
}

/** A k × k convolution to `out` channels with bias. */
function conv(g: Graph, x: Value, name: string, out: number, k: number, as?: As, o: ConvOptions = {}): Value {
  const weight = g.initializer(`${name}.weight`, [out, x.shape[1] ?? 1, k, k], ['D', 'C', 'k', 'k']);
  const edge = (k - 1) / 2;
  const pads = o.pads ?? ([edge, edge, edge, edge] as const);
  const bias = g.initializer(`${name}.bias`, [out], ['D']);
  const value = g.conv(x, weight, bias, { pads, ...(o.stride && { stride: o.stride }) });
  return g.identity(value, { dims: PICTURE, ...(typeof as === 'string' ? { name: as } : as) });
}

/** Nearest-neighbour doubling of both sides. */
function doubled(g: Graph, x: Value): Value {
  const [b = 1, c = 1, h = 1, w = 1] = x.shape;
  const apart = g.reshape(x, [b, c, h, 1, w, 1], ['B', 'C', 'H', '1', 'W', '1']);
  const wide = g.expand(apart, [b, c, h, 2, w, 2], ['B', 'C', 'H', '2', 'W', '2']);
  return g.reshape(wide, [b, c, 2 * h, 2 * w], PICTURE);
}

/** What all blocks of one U-Net share. */
interface Site {
  readonly g: Graph;
  readonly c: UNetConfig;
  /** SiLU of the time's vector, `[B, 4C]`. */
  readonly time: Value;
}

/** Group norm, SiLU, convolution, twice, with the time added in between; a 1 × 1 shortcut where channels change. */
function resBlock({ g, c, time }: Site, x: Value, name: string, out: number, place: UNetPlace): Value {
  const shortcut = x.shape[1] !== out;
  const docs = resDocs(place, shortcut);
  const norm1 = groupNorm(g, x, `${name}.norm1`, c.groups, c.normEps, named(`${name}.norm1`, docs.norm1));
  const conv1 = conv(g, silu(g, norm1), `${name}.conv1`, out, 3, named(`${name}.conv1`, docs.conv1));
  const width = { size: out, dim: 'C' };
  const temb = linear(g, time, `${name}.temb_proj`, width, { as: named(`${name}.temb_proj`, docs.temb) });
  const [batch = 1] = temb.shape;
  const spread = g.reshape(temb, [batch, out, 1, 1], ['B', 'C', '1', '1']);
  const timed = g.add(conv1, spread, named(`${name}.timed`, docs.timed));
  const norm2 = groupNorm(g, timed, `${name}.norm2`, c.groups, c.normEps, named(`${name}.norm2`, docs.norm2));
  const conv2 = conv(g, silu(g, norm2), `${name}.conv2`, out, 3, named(`${name}.conv2`, docs.conv2));
  const as = named(`${name}.nin_shortcut`, docs.shortcut);
  const carried = shortcut ? conv(g, x, `${name}.nin_shortcut`, out, 1, as) : x;
  return g.add(carried, conv2, named(name, docs.out));
}

/** Single-head self-attention between all pixels (Ho et al. 2020, appendix B). */
function attnBlock({ g, c }: Site, x: Value, name: string, place: UNetPlace): Value {
  const docs = attnDocs(place);
  const [batch = 1, channels = 1, rows = 1, cols = 1] = x.shape;
  const norm = groupNorm(g, x, `${name}.norm`, c.groups, c.normEps, named(`${name}.norm`, docs.norm));
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
  const picture = g.reshape(mixed, x.shape, PICTURE);
  const proj = conv(g, picture, `${name}.proj_out`, channels, 1, named(`${name}.proj_out`, docs.proj));
  return g.add(x, proj, named(name, docs.out));
}

/** The time, and the class where there is one, as a vector `[B, 4C]`. */
function condition(g: Graph, batch: number, c: UNetConfig): Value {
  const t = g.input('t', [batch], ['B'], 'float32', STEM.t);
  const { time: size, labels } = unetSizes(c);
  const width = { size, dim: 'E' };
  const waves = sinusoid(g, t, c.width, 'F', named('temb.sinusoid', STEM.sinusoid));
  const hidden = linear(g, waves, 'temb.dense.0', width, { as: named('temb.dense.0', STEM.dense0) });
  const act = silu(g, hidden);
  const time = linear(g, act, 'temb.dense.1', width, { as: named('temb.dense.1', STEM.dense1) });
  if (labels === 0) return silu(g, time);
  const label = classRow(g, batch, 'label_emb.weight', labels, size, named('label_emb', STEM.label));
  return silu(g, g.add(time, label, named('condition', STEM.condition)));
}

/**
 * DDPM's U-Net (Ho et al. 2020, appendix B) as a graph. Inputs: `x` `[B, C, H, W]`, `t` `[B]` (0 … 999), with classes `y`
 * `[B]`. Names follow the modules of the usual PyTorch versions: `conv_in`, `down.i.block.j`, `down.i.attn.j`,
 * `down.i.downsample`, `mid.block_1`, `mid.attn_1`, `mid.block_2`, `up.i.block.j` (level i counts from the finest),
 * `norm_out`, `prediction` `[B, C, H, W]`; `up.i.block.j.skip_cat` is the stream beside the skip that it takes.
 * Throws ConfigError for a configuration that cannot be built.
 */
export function unet(config: UNetConfig, options: { readonly batch?: number } = {}): Graph {
  checkUnet(config);
  const c = config;
  const { batch = 1 } = options;
  const g = new Graph(`unet ${c.image} C${c.width}`);
  const { levels } = unetSizes(c);
  const x = g.input('x', [batch, c.channels, c.image, c.image], PICTURE, 'float32', STEM.x);
  const site: Site = { g, c, time: condition(g, batch, c) };

  let h = conv(g, x, 'conv_in', c.width, 3, named('conv_in', STEM.conv_in));
  const skips: Value[] = [h];
  levels.forEach(({ side, channels, attention }, i) => {
    for (let j = 0; j < c.blocks; j++) {
      const place = placeOf('down', side, j);
      h = resBlock(site, h, `down.${i}.block.${j}`, channels, place);
      if (attention) h = attnBlock(site, h, `down.${i}.attn.${j}`, place);
      skips.push(h);
    }
    const next = levels[i + 1];
    if (!next) return;
    // Zeros below and to the right, as TensorFlow pads a picture of even sides for stride 2.
    const as = named(`down.${i}.downsample`, resizeDoc('down', next.side));
    h = conv(g, h, `down.${i}.downsample.conv`, channels, 3, as, { stride: 2, pads: [0, 0, 1, 1] });
    skips.push(h);
  });

  const { side, channels } = levels.at(-1)!;
  h = resBlock(site, h, 'mid.block_1', channels, placeOf('mid', side, 1));
  h = attnBlock(site, h, 'mid.attn_1', placeOf('mid', side, 1));
  h = resBlock(site, h, 'mid.block_2', channels, placeOf('mid', side, 2));

  for (let i = levels.length - 1; i >= 0; i--) {
    const level = levels[i]!;
    for (let j = 0; j <= c.blocks; j++) {
      const place = placeOf('up', level.side, j);
      const name = `up.${i}.block.${j}`;
      const docs = resDocs(place, true);
      const both = g.concat([h, skips.pop()!], 1, {
        ...named(`${name}.skip_cat`, docs.skipCat),
        dims: PICTURE,
      });
      h = resBlock(site, both, name, level.channels, place);
      if (level.attention) h = attnBlock(site, h, `up.${i}.attn.${j}`, place);
    }
    if (i === 0) break;
    const as = named(`up.${i}.upsample`, resizeDoc('up', 2 * level.side));
    h = conv(g, doubled(g, h), `up.${i}.upsample.conv`, level.channels, 3, as);
  }

  const norm = groupNorm(g, h, 'norm_out', c.groups, c.normEps, named('norm_out', STEM.norm_out));
  conv(g, silu(g, norm), 'conv_out', c.channels, 3, named('prediction', STEM.prediction));
  return g;
}
