import type { Checkpoint } from '../family.ts';
import { ATTENTION_DEFAULTS, type AttentionConfig } from './config.ts';

/** No weights file is of it: it has none. */
export const CHECKPOINT: Checkpoint<AttentionConfig> = {
  recognise: () => 0,
  infer: (_, set) => ({ config: { ...ATTENTION_DEFAULTS, ...set }, assumed: [] }),
  bind: (source) => source,
};
