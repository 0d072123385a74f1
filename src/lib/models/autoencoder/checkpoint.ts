import type { Checkpoint } from '../family.ts';
import { bindPublished } from '../shared/bind.ts';
import { bindNamed } from '../shared/renamed.ts';
import type { AutoencoderConfig } from './config.ts';
import { autoencoder } from './graph.ts';
import { inferAutoencoder } from './infer.ts';
import { autoencoderNames, LANDMARK, LANDMARKS, TELLING } from './keymaps.ts';

/** How weights files of an autoencoder with Gaussian latents are read. */
export const CHECKPOINT: Checkpoint<AutoencoderConfig> = {
  landmarks: LANDMARKS,
  recognise: (source) => (autoencoderNames(source) ? TELLING : 0),
  infer: inferAutoencoder,
  names: autoencoderNames,
  bind(source, config) {
    const map = autoencoderNames(source);
    return map
      ? bindNamed(source, map, autoencoder(config))
      : bindPublished(source, LANDMARK, autoencoder(config));
  },
};
