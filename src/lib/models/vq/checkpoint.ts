import type { Checkpoint } from '../family.ts';
import { bindPublished } from '../shared/bind.ts';
import { bindNamed } from '../shared/renamed.ts';
import type { VqConfig } from './config.ts';
import { vq } from './graph.ts';
import { inferVq } from './infer.ts';
import { LANDMARK, TELLING, vqNames } from './keymaps.ts';

/** How weights files of an autoencoder with a codebook are read. */
export const CHECKPOINT: Checkpoint<VqConfig> = {
  landmarks: [LANDMARK],
  recognise: (source) => (vqNames(source) ? TELLING : 0),
  infer: inferVq,
  names: vqNames,
  bind(source, config) {
    const map = vqNames(source);
    return map ? bindNamed(source, map, vq(config)) : bindPublished(source, LANDMARK, vq(config));
  },
};
