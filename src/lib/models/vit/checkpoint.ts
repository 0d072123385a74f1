import type { Checkpoint } from '../family.ts';
import { bindVit, isVit, vitNames } from './bind.ts';
import type { ViTConfig } from './config.ts';
import { inferWholeVit } from './infer.ts';
import { VIT_LANDMARKS } from './keymaps.ts';

/** How weights files of a ViT are read. */
export const CHECKPOINT: Checkpoint<ViTConfig> = {
  landmarks: VIT_LANDMARKS,
  recognise: (source) => (isVit(source) ? 1 : 0),
  infer: inferWholeVit,
  bind: bindVit,
  names: vitNames,
};
