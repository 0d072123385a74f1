import { Graph, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { coderSite, decoder, encoder } from '../shared/coder.ts';
import { ENDS } from '../shared/coder-docs.ts';
import { conv, MAP, named, type ResidualSite } from '../shared/residual.ts';
import { checkVq, vqSizes, type VqConfig } from './config.ts';
import { codeDocs } from './docs.ts';
import { codebook, latentsOf, quantized } from './quantize.ts';

export { VQ_DEFAULTS, vqConfig, vqSizes, type VqConfig } from './config.ts';
export { vqPresets } from './presets.ts';

/** What is decoded: codes of a picture, or what is fed in. */
function latents(site: ResidualSite, batch: number, c: VqConfig): Value {
  const { g } = site;
  const docs = codeDocs(c);
  const { grid, tokens } = vqSizes(c);
  if (c.fromLatents === 1) return g.input('z', [batch, c.latent, grid, grid], MAP, 'float32', docs.z);
  const book = codebook(g, c);
  if (c.fromCodes === 1) {
    const codes = g.input('codes', [batch, tokens], ['B', 'N'], 'float32', docs.codes);
    return g.identity(latentsOf(book, codes), named('z', docs.z));
  }
  const x = g.input('x', [batch, c.channels, c.image, c.image], MAP, 'float32', ENDS.x);
  const features = encoder(site, x, c, c.latent);
  const f = conv(g, features, 'quant_conv', c.latent, c.quantKernel, named('quant_conv', docs.features));
  const found = quantized(book, f);
  const [first] = found.codes;
  const as = { ...named('codes', docs.codes), dims: ['B', 'N'] };
  if (first && found.codes.length === 1) g.identity(first, as);
  else g.concat(found.codes, 1, as);
  return g.identity(found.latents, named('z', docs.z));
}

/**
 * An autoencoder whose latents are codes as a graph: `x` `[B, C, S, S]` through `quant_conv` `[B, D, g, g]`,
 * `quantize.distances` and `codes` `[B, tokens]` to `z` and to `reconstruction`. On several scales each has its own
 * distances, codes and sum, `quantize.scales.k.…`. With `fromCodes` it begins at the input `codes`, with `fromLatents` at
 * `z`. Throws ConfigError for a configuration that cannot be built.
 */
export function vq(config: VqConfig, options: BuildOptions = {}): Graph {
  checkVq(config);
  const { batch = 1 } = options;
  const { image, factor, codes, scales, latent, quantKernel } = config;
  const g = new Graph(`vq ${image} f${factor} K${codes}${scales.length > 0 ? ` ${scales.join('+')}` : ''}`);
  const site = coderSite(g, config);
  const z = latents(site, batch, config);
  const as = named('post_quant_conv', ENDS.postQuant);
  const inner = conv(g, z, 'post_quant_conv', latent, quantKernel, as);
  g.identity(decoder(site, inner, config), named('reconstruction', ENDS.reconstruction));
  return g;
}
