import { Graph, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { crossAttention } from '../shared/attention.ts';
import { groupNorm } from '../shared/convolution.ts';
import { linear, silu } from '../shared/layers.ts';
import {
  attnBlock,
  conv,
  doubledBy,
  halvedBy,
  MAP,
  named,
  resBlock,
  type ResidualSite,
} from '../shared/residual.ts';
import type { ResidualPlace } from '../shared/residual-docs.ts';
import { classRow, sinusoid } from '../shared/time.ts';
import { checkUnet, unetSizes, wholeUnet, type UNetConfig } from './config.ts';
import { placeOf, STEM, textDocs, timedDocs } from './docs.ts';

export * from './config.ts';

/** What the intervention `skip_gates` is called. */
export const SKIP_GATES = { en: 'Gates of the skips', zh: '跳跃连接的门控系数' };

/** What all blocks of one U-Net share. */
interface Site extends ResidualSite {
  /** SiLU of the time's vector, `[B, 4C]`. */
  readonly time: Value;
  readonly scaleShift: boolean;
  readonly heads: number;
  /** Features of a text, `[B, L, D]`, where there is one. */
  readonly context: Value | undefined;
}

/** A residual block with the time added between its halves, or as scale and shift of its second norm. */
function timedBlock(site: Site, x: Value, name: string, out: number, place: ResidualPlace): Value {
  const { g, time, scaleShift } = site;
  const docs = timedDocs(place, scaleShift);
  const width = scaleShift ? { size: 2 * out, dim: '2C' } : { size: out, dim: 'C' };
  const temb = () =>
    linear(g, time, `${name}.temb_proj`, width, { as: named(`${name}.temb_proj`, docs.temb) });
  const spread = (row: Value) => g.reshape(row, [row.shape[0] ?? 1, out, 1, 1], ['B', 'C', '1', '1']);
  if (!scaleShift) {
    const between = (h: Value) => g.add(h, spread(temb()), named(`${name}.timed`, docs.timed));
    return resBlock(site, x, name, out, place, { between });
  }
  const normed = (h: Value) => {
    const row = temb();
    const [scale, shift] = [g.slice(row, 1, 0, out), g.slice(row, 1, out, 2 * out)];
    const scaled = g.mul(h, g.add(spread(scale), g.scalar(1)));
    return g.add(scaled, spread(shift), named(`${name}.modulated`, docs.modulated));
  };
  return resBlock(site, x, name, out, place, { normed });
}

/** Attention of all pixels to the tokens of a text (Rombach et al. 2022, section 3.3); nothing where there is none. */
function textAttention(site: Site, x: Value, name: string, place: ResidualPlace): Value {
  const { g, context, groups, normEps, heads } = site;
  if (!context) return x;
  const docs = textDocs(place);
  const [batch = 1, channels = 1, rows = 1, columns = 1] = x.shape;
  const norm = groupNorm(g, x, `${name}.norm`, groups, normEps, named(`${name}.norm`, docs.norm));
  const flat = g.reshape(norm, [batch, channels, rows * columns], ['B', 'C', 'T']);
  const places = g.transpose(flat, [0, 2, 1], named(`${name}.places`, docs.places));
  const mixed = crossAttention(g, places, context, name, { heads, qkvBias: false, docs });
  const back = g.reshape(g.transpose(mixed, [0, 2, 1]), x.shape, MAP);
  return g.add(x, back, named(name, docs.sum));
}

/** Attention of pixels to each other, then to the text. */
function attentions(site: Site, x: Value, at: string, j: number | string, place: ResidualPlace): Value {
  const seen = attnBlock(site, x, `${at}.attn${j}`, place);
  return textAttention(site, seen, `${at}.attn2${j}`, place);
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
 * `norm_out`, `prediction` `[B, C, H, W]`; `up.i.block.j.skip_cat` is the stream beside the skip that it takes. With text
 * tokens there is the input `context` `[B, L, D]`, and `attn2` after each `attn`, as latent diffusion calls it. The one
 * intervention is `skip_gates`, a factor on each skip in the order they are taken.
 * Throws ConfigError for a configuration that cannot be built.
 */
export function unet(config: UNetConfig, options: BuildOptions = {}): Graph {
  checkUnet(config);
  const c = config;
  const { batch = 1, interventions = false } = options;
  const g = new Graph(`unet ${c.image} C${c.width}`);
  const { levels, skips: count } = unetSizes(c);
  const { scaleShift, heads, contextTokens, contextDim } = wholeUnet(c);
  const x = g.input('x', [batch, c.channels, c.image, c.image], MAP, 'float32', STEM.x);
  const time = condition(g, batch, c);
  const told = [batch, contextTokens, contextDim];
  const context =
    contextTokens > 0 ? g.input('context', told, ['B', 'L', 'D'], 'float32', STEM.context) : undefined;
  const gates = interventions
    ? g.input('skip_gates', [count], ['depth'], 'float32', { title: SKIP_GATES })
    : undefined;
  const site: Site = { g, groups: c.groups, normEps: c.normEps, time, scaleShift, heads, context };

  let h = conv(g, x, 'conv_in', c.width, 3, named('conv_in', STEM.conv_in));
  const skips: Value[] = [h];
  levels.forEach(({ side, channels, attention }, i) => {
    for (let j = 0; j < c.blocks; j++) {
      const place = placeOf('down', side, j);
      h = timedBlock(site, h, `down.${i}.block.${j}`, channels, place);
      if (attention) h = attentions(site, h, `down.${i}`, `.${j}`, place);
      skips.push(h);
    }
    if (i === levels.length - 1) return;
    h = halvedBy(g, h, `down.${i}.downsample`);
    skips.push(h);
  });

  const { side, channels } = levels.at(-1)!;
  h = timedBlock(site, h, 'mid.block_1', channels, placeOf('mid', side, 1));
  h = attentions(site, h, 'mid', '_1', placeOf('mid', side, 1));
  h = timedBlock(site, h, 'mid.block_2', channels, placeOf('mid', side, 2));

  for (let i = levels.length - 1; i >= 0; i--) {
    const level = levels[i]!;
    for (let j = 0; j <= c.blocks; j++) {
      const place = placeOf('up', level.side, j);
      const name = `up.${i}.block.${j}`;
      const docs = timedDocs(place, scaleShift);
      const skip = skips.pop()!;
      const gate = gates && g.gather(gates, 0, count - 1 - skips.length);
      const both = g.concat([h, gate ? g.mul(skip, gate) : skip], 1, {
        ...named(`${name}.skip_cat`, docs.skipCat),
        dims: MAP,
      });
      h = timedBlock(site, both, name, level.channels, place);
      if (level.attention) h = attentions(site, h, `up.${i}`, `.${j}`, place);
    }
    if (i === 0) break;
    h = doubledBy(g, h, `up.${i}.upsample`);
  }

  const norm = groupNorm(g, h, 'norm_out', c.groups, c.normEps, named('norm_out', STEM.norm_out));
  conv(g, silu(g, norm), 'conv_out', c.channels, 3, named('prediction', STEM.prediction));
  return g;
}
