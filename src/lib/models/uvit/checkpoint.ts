import type { Checkpoint } from '../family.ts';
import { bindPublished, landmarksIn } from '../shared/bind.ts';
import { fixedTable } from '../shared/patches.ts';
import { uvitSizes, type UViTConfig } from './config.ts';
import { uvit } from './graph.ts';
import { inferUVit, LANDMARK } from './infer.ts';

/** How weights files of a U-ViT are read. */
export const CHECKPOINT: Checkpoint<UViTConfig> = {
  landmarks: [LANDMARK],
  recognise: (source) => landmarksIn(source, [LANDMARK, 'mid_block.mlp.fc1.weight']),
  infer: inferUVit,
  bind: (source, config) =>
    bindPublished(
      source,
      LANDMARK,
      uvit(config),
      config.positions === 'sincos2d'
        ? { pos_embed: fixedTable(config, config.dim, uvitSizes(config).extras) }
        : {},
    ),
};
