import type { Checkpoint } from '../family.ts';
import { bindPublished } from '../shared/bind.ts';
import { bindNamed } from '../shared/renamed.ts';
import type { DetrConfig } from './config.ts';
import { detr } from './graph.ts';
import { inferDetr } from './infer.ts';
import { detrNames, LANDMARK, LANDMARKS, TELLING } from './keymaps.ts';

/** How weights files of DETR are read. */
export const CHECKPOINT: Checkpoint<DetrConfig> = {
  landmarks: LANDMARKS,
  recognise: (source) => (detrNames(source) ? TELLING : 0),
  infer: inferDetr,
  names: detrNames,
  bind(source, config) {
    const map = detrNames(source);
    return map ? bindNamed(source, map, detr(config)) : bindPublished(source, LANDMARK, detr(config));
  },
};
