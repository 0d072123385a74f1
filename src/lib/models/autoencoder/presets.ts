import { AUTOENCODER_DEFAULTS, type AutoencoderConfig } from './config.ts';

/**
 * Published first stages with Gaussian latents (Rombach et al. 2022, table 8; github.com/CompVis/latent-diffusion): one
 * level a halving, two residual blocks each. `sd-vae-f8` is that of Stable Diffusion and of DiT. The scaling factor of
 * the others is measured on the training pictures by who uses them, so it is 1 here.
 */
export const autoencoderPresets: Readonly<Record<string, AutoencoderConfig>> = {
  'sd-vae-f8': AUTOENCODER_DEFAULTS,
  'ldm-kl-f4': { ...AUTOENCODER_DEFAULTS, factor: 4, multiples: [1, 2, 4], latent: 3, scalingFactor: 1 },
};
