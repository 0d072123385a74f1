import { Graph, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { coderSizes } from '../shared/coder-config.ts';
import { coderSite, decoder, encoder } from '../shared/coder.ts';
import { ENDS } from '../shared/coder-docs.ts';
import { conv, MAP, named, type ResidualSite } from '../shared/residual.ts';
import { checkAutoencoder, type AutoencoderConfig } from './config.ts';
import { latentDocs } from './docs.ts';
import { declareLive } from './interventions.ts';

export { AUTOENCODER_DEFAULTS, autoencoderConfig, type AutoencoderConfig } from './config.ts';
export { autoencoderPresets } from './presets.ts';

/** A picture to the latents that are decoded: their mean, or what the interventions make of it. */
function encoded(site: ResidualSite, batch: number, c: AutoencoderConfig, interventions: boolean): Value {
  const { g } = site;
  const docs = latentDocs(c, interventions);
  const live = interventions ? declareLive(g, c) : undefined;
  const x = g.input('x', [batch, c.channels, c.image, c.image], MAP, 'float32', ENDS.x);
  const features = encoder(site, x, c, 2 * c.latent);
  const moments = conv(g, features, 'quant_conv', 2 * c.latent, 1, named('quant_conv', docs.moments));
  const parts = [named('mean', docs.mean), named('logvar', docs.logvar)];
  const [mean, logvar] = g.split(moments, 1, [c.latent, c.latent], parts) as [Value, Value];
  const as = named('z', docs.z);
  if (!live) return g.identity(mean, as);
  const deviation = g.exp(g.mul(logvar, g.scalar(0.5)));
  const drawn = g.add(mean, g.mul(live.get('latent_noise')!, deviation));
  return g.add(drawn, live.get('latent_shift')!, as);
}

/**
 * An autoencoder with Gaussian latents (Rombach et al. 2022) as a graph: `x` `[B, C, S, S]` through `mean` and `logvar`
 * `[B, latent, S / factor, S / factor]` to `z` and to `reconstruction` `[B, C, S, S]`. With `fromLatents` it begins at the
 * input `z`, in the scale of `mean`. Throws ConfigError for a configuration that cannot be built.
 */
export function autoencoder(config: AutoencoderConfig, options: BuildOptions = {}): Graph {
  checkAutoencoder(config);
  const { batch = 1, interventions = false } = options;
  const { image, factor, latent } = config;
  const { grid } = coderSizes(config);
  const g = new Graph(`autoencoder ${image} f${factor} × ${latent}`);
  const site = coderSite(g, config);
  const z =
    config.fromLatents === 1
      ? g.input('z', [batch, latent, grid, grid], MAP, 'float32', latentDocs(config, false).z)
      : encoded(site, batch, config, interventions);
  const inner = conv(g, z, 'post_quant_conv', latent, 1, named('post_quant_conv', ENDS.postQuant));
  g.identity(decoder(site, inner, config), named('reconstruction', ENDS.reconstruction));
  return g;
}
