import { ConfigError } from '#lib/base/config-error.ts';
import { checkCoder, checkSwitch, type CoderConfig } from '../shared/coder-config.ts';

/** The `config` object of an autoencoder with Gaussian latents (Rombach et al. 2022, section 3.1, “KL-reg”). */
export interface AutoencoderConfig extends CoderConfig {
  /** One over the standard deviation of the latents, measured; diffusion models work on latents times this number. */
  readonly scalingFactor: number;
  /** 1: the graph begins at latents that are fed in, `z`; 0 or absent: at a picture. */
  readonly fromLatents?: number;
}

/** The first stage of Stable Diffusion 1 and 2 (Rombach et al. 2022), a picture of 256 pixels. */
export const AUTOENCODER_DEFAULTS: AutoencoderConfig = {
  image: 256,
  channels: 3,
  factor: 8,
  width: 128,
  multiples: [1, 2, 4, 4],
  resBlocks: 2,
  latent: 4,
  groups: 32,
  attention: 'mid',
  scalingFactor: 0.18215,
};

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkAutoencoder(c: AutoencoderConfig): void {
  checkCoder(c);
  checkSwitch(c, 'fromLatents');
  if (!(c.scalingFactor > 0) || !Number.isFinite(c.scalingFactor))
    throw new ConfigError('scalingFactor', `must be a number above 0, not ${c.scalingFactor}.`);
}

/** Fills a partial configuration with the defaults and checks it. */
export function autoencoderConfig(partial: Partial<AutoencoderConfig>): AutoencoderConfig {
  const c: AutoencoderConfig = { ...AUTOENCODER_DEFAULTS, ...partial };
  checkAutoencoder(c);
  return c;
}
