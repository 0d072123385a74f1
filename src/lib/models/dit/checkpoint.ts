import type { Checkpoint } from '../family.ts';
import { bindPublished, landmarksIn } from '../shared/bind.ts';
import { fixedTable } from '../shared/patches.ts';
import type { DiTConfig } from './config.ts';
import { dit } from './graph.ts';
import { inferDit, LANDMARK } from './infer.ts';

/** How weights files of a DiT are read. */
export const CHECKPOINT: Checkpoint<DiTConfig> = {
  landmarks: [LANDMARK],
  recognise: (source) => landmarksIn(source, [LANDMARK, 't_embedder.mlp.0.weight']),
  infer: inferDit,
  bind: (source, config) =>
    bindPublished(
      source,
      LANDMARK,
      dit(config),
      config.positions === 'sincos2d' ? { pos_embed: fixedTable(config, config.dim, 0) } : {},
    ),
};
