import type { Family, InputSpec } from '../family.ts';
import { coderSizes } from '../shared/coder-config.ts';
import { CODER_FIELDS } from '../shared/coder-fields.ts';
import { number } from '../shared/fields.ts';
import { pictureInput } from '../shared/inputs.ts';
import { AUTOENCODER_DEFAULTS, checkAutoencoder, type AutoencoderConfig } from './config.ts';
import { autoencoder } from './graph.ts';
import { autoencoderInterventions } from './interventions.ts';
import { autoencoderPresets } from './presets.ts';

/** The latents as they are fed in. */
function latentInput(c: AutoencoderConfig): InputSpec {
  const { grid } = coderSizes(c);
  return { name: 'z', role: 'embedding', shape: [1, c.latent, grid, grid], dims: ['B', 'C', 'H', 'W'] };
}

/** Longest side in pixels that a running model is offered. */
const LONGEST = 128;

/** Convolutional autoencoders with Gaussian latents, the first stage of latent diffusion (Rombach et al. 2022). */
export const FAMILY: Family<AutoencoderConfig> = {
  id: 'autoencoder',
  title: { en: 'Autoencoder (KL)', zh: '自编码器（KL）' },
  order: 20,
  presets: autoencoderPresets,
  groups: { sd: 'Stable Diffusion', ldm: 'LDM' },
  defaults: AUTOENCODER_DEFAULTS,
  optional: { fromLatents: 0 },
  fields: [
    ...CODER_FIELDS,
    number('scalingFactor', 'Factor on the latents', '隐变量的缩放系数', 0.05, 2, 0.05),
  ],
  check: checkAutoencoder,
  build: autoencoder,
  inputs: (c) => [
    c.fromLatents === 1 ? latentInput(c) : pictureInput('picture', c),
    ...autoencoderInterventions(c),
  ],
  variants: {
    // Convolutions fit any picture, and no weight knows where the graph begins.
    fields: ['image', 'fromLatents'],
    offered: ({ factor, image }, field) =>
      field === 'image'
        ? Array.from({ length: Math.floor(Math.max(LONGEST, image) / factor) }, (_, i) => (i + 1) * factor)
        : [],
    adapt: (weights, config, { image = config.image, fromLatents = config.fromLatents }) => ({
      config: { ...config, image, ...(typeof fromLatents === 'number' && { fromLatents }) },
      weights,
    }),
  },
  feed: ({ fromLatents }, { picture }) => (picture && fromLatents !== 1 ? { x: picture } : undefined),
  latents: ({ scalingFactor }) => ({
    mean: 'mean',
    input: 'z',
    picture: 'reconstruction',
    scale: scalingFactor,
    variant: { fromLatents: 1 },
  }),
  answer: () => ({ kind: 'picture', tensor: 'reconstruction' }),
  answers: () => ['reconstruction'],
};
