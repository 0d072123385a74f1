import type { Checkpoint } from '../family.ts';
import { bindPublished } from '../shared/bind.ts';
import { fixedTable } from '../shared/patches.ts';
import { bindNamed } from '../shared/renamed.ts';
import type { DiTConfig } from './config.ts';
import { dit } from './graph.ts';
import { inferDit } from './infer.ts';
import { checkCopies, ditNames, LANDMARK, LANDMARKS, recogniseDit } from './keymaps.ts';

/** How weights files of a DiT are read. */
export const CHECKPOINT: Checkpoint<DiTConfig> = {
  landmarks: LANDMARKS,
  recognise: recogniseDit,
  infer: inferDit,
  bind(source, config) {
    const tables =
      config.positions === 'sincos2d' ? { pos_embed: fixedTable(config, config.dim, 0) } : undefined;
    const map = ditNames(source);
    // Without the embedder of the time the graph's own names are held against the file, which says what is missing.
    if (!map) return bindPublished(source, LANDMARK, dit(config), tables);
    checkCopies(source, map);
    return bindNamed(source, map, dit(config), tables);
  },
  names: ditNames,
};
