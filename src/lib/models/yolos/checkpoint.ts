import type { Checkpoint } from '../family.ts';
import { bindPublished } from '../shared/bind.ts';
import { bindNamed } from '../shared/renamed.ts';
import type { YolosConfig } from './config.ts';
import { yolos } from './graph.ts';
import { inferYolos } from './infer.ts';
import { LANDMARK, LANDMARKS, TELLING, yolosNames } from './keymaps.ts';

/** How weights files of YOLOS are read. */
export const CHECKPOINT: Checkpoint<YolosConfig> = {
  landmarks: LANDMARKS,
  recognise: (source) => (yolosNames(source) ? TELLING : 0),
  infer: inferYolos,
  names: yolosNames,
  bind(source, config) {
    const map = yolosNames(source);
    return map ? bindNamed(source, map, yolos(config)) : bindPublished(source, LANDMARK, yolos(config));
  },
};
