import type { Checkpoint } from '../family.ts';
import { bindSwin, LANDMARK, recogniseSwin } from './bind.ts';
import type { SwinConfig } from './config.ts';
import { HF_LANDMARK } from './hf-names.ts';
import { inferSwin } from './infer.ts';

/** How weights files of a Swin are read. */
export const CHECKPOINT: Checkpoint<SwinConfig> = {
  landmarks: [LANDMARK, HF_LANDMARK],
  recognise: recogniseSwin,
  infer: inferSwin,
  bind: bindSwin,
};
