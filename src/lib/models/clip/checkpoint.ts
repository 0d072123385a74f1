import type { Checkpoint } from '../family.ts';
import { bindPublished } from '../shared/bind.ts';
import { bindNamed } from '../shared/renamed.ts';
import type { CLIPConfig } from './config.ts';
import { clip } from './graph.ts';
import { inferClip } from './infer.ts';
import { clipNames, LANDMARKS, PATCH_EMBEDDINGS } from './keymaps.ts';

/** How weights files of a CLIP with both towers are read. */
export const CHECKPOINT: Checkpoint<CLIPConfig> = {
  landmarks: PATCH_EMBEDDINGS,
  recognise: (source) => (clipNames(source) ? LANDMARKS.length : 0),
  infer: inferClip,
  names: clipNames,
  bind(source, config) {
    const map = clipNames(source);
    // Without both towers the graph's own names are held against it, which says what is missing.
    return map ? bindNamed(source, map, clip(config)) : bindPublished(source, LANDMARKS[0], clip(config));
  },
};
