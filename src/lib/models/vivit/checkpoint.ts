import type { Checkpoint } from '../family.ts';
import { bindPublished } from '../shared/bind.ts';
import { bindNamed } from '../shared/renamed.ts';
import type { VivitConfig } from './config.ts';
import { vivit } from './graph.ts';
import { inferVivit } from './infer.ts';
import { LANDMARK, vivitNames } from './keymaps.ts';

/** How weights files of video transformers are read. */
export const CHECKPOINT: Checkpoint<VivitConfig> = {
  landmarks: [LANDMARK],
  // A kernel over several frames is what a file of pictures cannot have.
  recognise: (source) => (vivitNames(source) ? 2 : 0),
  infer: inferVivit,
  bind(source, config) {
    const map = vivitNames(source);
    return map ? bindNamed(source, map, vivit(config)) : bindPublished(source, LANDMARK, vivit(config));
  },
};
