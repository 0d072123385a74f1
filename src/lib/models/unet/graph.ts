import { Graph, type Value } from '#lib/graph/index.ts';
import { groupNorm } from '../shared/convolution.ts';
import { linear, silu } from '../shared/layers.ts';
import { attnBlock, conv, doubledBy, halvedBy, MAP, named, resBlock, type ResidualSite } from '../shared/residual.ts';
import type { ResidualPlace } from '../shared/residual-docs.ts';
import { classRow, sinusoid } from '../shared/time.ts';
import { checkUnet, unetSizes, type UNetConfig } from './config.ts';
import { placeOf, STEM, timedDocs } from './docs.ts';

export * from './config.ts';

/** What all blocks of one U-Net share. */
interface Site extends ResidualSite {
  /** SiLU of the time's vector, `[B, 4C]`. */
  readonly time: Value;
}

/** A residual block with the time added between its halves. */
function timedBlock(site: Site, x: Value, name: string, out: number, place: ResidualPlace): Value {
  const { g, time } = site;
  const docs = timedDocs(place);
  return resBlock(site, x, name, out, place, (h) => {
    const width = { size: out, dim: 'C' };
    const temb = linear(g, time, `${name}.temb_proj`, width, { as: named(`${name}.temb_proj`, docs.temb) });
    const spread = g.reshape(temb, [temb.shape[0] ?? 1, out, 1, 1], ['B', 'C', '1', '1']);
    return g.add(h, spread, named(`${name}.timed`, docs.timed));
  });
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
  const x = g.input('x', [batch, c.channels, c.image, c.image], MAP, 'float32', STEM.x);
  const site: Site = { g, groups: c.groups, normEps: c.normEps, time: condition(g, batch, c) };

  let h = conv(g, x, 'conv_in', c.width, 3, named('conv_in', STEM.conv_in));
  const skips: Value[] = [h];
  levels.forEach(({ side, channels, attention }, i) => {
    for (let j = 0; j < c.blocks; j++) {
      const place = placeOf('down', side, j);
      h = timedBlock(site, h, `down.${i}.block.${j}`, channels, place);
      if (attention) h = attnBlock(site, h, `down.${i}.attn.${j}`, place);
      skips.push(h);
    }
    if (i === levels.length - 1) return;
    h = halvedBy(g, h, `down.${i}.downsample`);
    skips.push(h);
  });

  const { side, channels } = levels.at(-1)!;
  h = timedBlock(site, h, 'mid.block_1', channels, placeOf('mid', side, 1));
  h = attnBlock(site, h, 'mid.attn_1', placeOf('mid', side, 1));
  h = timedBlock(site, h, 'mid.block_2', channels, placeOf('mid', side, 2));

  for (let i = levels.length - 1; i >= 0; i--) {
    const level = levels[i]!;
    for (let j = 0; j <= c.blocks; j++) {
      const place = placeOf('up', level.side, j);
      const name = `up.${i}.block.${j}`;
      const docs = timedDocs(place);
      const both = g.concat([h, skips.pop()!], 1, {
        ...named(`${name}.skip_cat`, docs.skipCat),
        dims: MAP,
      });
      h = timedBlock(site, both, name, level.channels, place);
      if (level.attention) h = attnBlock(site, h, `up.${i}.attn.${j}`, place);
    }
    if (i === 0) break;
    h = doubledBy(g, h, `up.${i}.upsample`);
  }

  const norm = groupNorm(g, h, 'norm_out', c.groups, c.normEps, named('norm_out', STEM.norm_out));
  conv(g, silu(g, norm), 'conv_out', c.channels, 3, named('prediction', STEM.prediction));
  return g;
}
