import type { Value } from '#lib/graph/index.ts';
import { CODER_EPS, coderSizes, type CoderConfig } from './coder-config.ts';
import { CODER_DOCS, coderPlace, midPlace, type Half } from './coder-docs.ts';
import { groupNorm } from './convolution.ts';
import { silu } from './layers.ts';
import { attnBlock, conv, doubledBy, halvedBy, named, resBlock, type ResidualSite } from './residual.ts';

/** What an autoencoder's blocks share. */
export const coderSite = (g: ResidualSite['g'], { groups }: CoderConfig): ResidualSite => ({
  g,
  groups,
  normEps: CODER_EPS,
});

/** Two residual blocks at the smallest side with attention between them. */
function middle(site: ResidualSite, h: Value, half: Half, c: CoderConfig): Value {
  const { side, channels } = coderSizes(c).levels.at(-1)!;
  const first = resBlock(site, h, `${half}.mid.block_1`, channels, midPlace(half, side, 1));
  const mixed =
    c.attention === 'none' ? first : attnBlock(site, first, `${half}.mid.attn_1`, midPlace(half, side, 1));
  return resBlock(site, mixed, `${half}.mid.block_2`, channels, midPlace(half, side, 2));
}

/** The last norm and convolution of a half, to `out` channels. */
function ended({ g, groups, normEps }: ResidualSite, h: Value, half: Half, out: number): Value {
  const docs = CODER_DOCS[half];
  const norm = groupNorm(g, h, `${half}.norm_out`, groups, normEps, named(`${half}.norm_out`, docs.normOut));
  return conv(g, silu(g, norm), `${half}.conv_out`, out, 3, named(`${half}.conv_out`, docs.convOut));
}

/** Residual blocks of a level, with attention after each where the configuration wants it. */
function level(site: ResidualSite, h: Value, half: Half, c: CoderConfig, i: number): Value {
  const { side, channels, attention } = coderSizes(c).levels[i]!;
  const [name, count] =
    half === 'encoder' ? [`${half}.down.${i}`, c.resBlocks] : [`${half}.up.${i}`, c.resBlocks + 1];
  for (let j = 0; j < count; j++) {
    const place = coderPlace(half, side, j);
    h = resBlock(site, h, `${name}.block.${j}`, channels, place);
    if (attention) h = attnBlock(site, h, `${name}.attn.${j}`, place);
  }
  return h;
}

/**
 * A picture `[B, C, S, S]` to `out` channels at a side of S / factor. Names are those of the published first stages
 * (Rombach et al. 2022): `encoder.conv_in`, `encoder.down.i.block.j`, `encoder.mid.block_1`, `encoder.conv_out`.
 */
export function encoder(site: ResidualSite, x: Value, c: CoderConfig, out: number): Value {
  const { levels } = coderSizes(c);
  let h = conv(site.g, x, 'encoder.conv_in', c.width, 3, named('encoder.conv_in', CODER_DOCS.encoder.convIn));
  levels.forEach((_, i) => {
    h = level(site, h, 'encoder', c, i);
    if (i < levels.length - 1) h = halvedBy(site.g, h, `encoder.down.${i}.downsample`);
  });
  return ended(site, middle(site, h, 'encoder', c), 'encoder', out);
}

/** Latents at a side of S / factor to a picture `[B, C, S, S]`; `decoder.up.i` is numbered from the picture's side. */
export function decoder(site: ResidualSite, z: Value, c: CoderConfig): Value {
  const { levels } = coderSizes(c);
  const { channels } = levels.at(-1)!;
  const first = conv(
    site.g,
    z,
    'decoder.conv_in',
    channels,
    3,
    named('decoder.conv_in', CODER_DOCS.decoder.convIn),
  );
  let h = middle(site, first, 'decoder', c);
  for (let i = levels.length - 1; i >= 0; i--) {
    h = level(site, h, 'decoder', c, i);
    if (i > 0) h = doubledBy(site.g, h, `decoder.up.${i}.upsample`);
  }
  return ended(site, h, 'decoder', c.channels);
}
