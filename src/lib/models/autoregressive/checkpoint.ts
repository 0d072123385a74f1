import type { Checkpoint } from '../family.ts';
import { bindPublished, landmarksIn } from '../shared/bind.ts';
import type { AutoregressiveConfig } from './config.ts';
import { autoregressive } from './graph.ts';
import { CODE_TABLES, inferAutoregressive, LANDMARKS } from './infer.ts';

/** How weights files of a transformer over codes are read. */
export const CHECKPOINT: Checkpoint<AutoregressiveConfig> = {
  landmarks: CODE_TABLES,
  recognise: (source) =>
    CODE_TABLES.reduce((most, table) => Math.max(most, landmarksIn(source, [table, ...LANDMARKS])), 0),
  infer: inferAutoregressive,
  bind: (source, config) => bindPublished(source, LANDMARKS[0], autoregressive(config)),
};
