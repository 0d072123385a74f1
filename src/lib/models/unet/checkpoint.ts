import type { Checkpoint } from '../family.ts';
import { bindPublished, landmarksIn } from '../shared/bind.ts';
import type { UNetConfig } from './config.ts';
import { unet } from './graph.ts';
import { inferUnet, LANDMARK } from './infer.ts';

/** How weights files of a U-Net are read: under the names of its usual PyTorch versions, as the graph has them. */
export const CHECKPOINT: Checkpoint<UNetConfig> = {
  landmarks: [LANDMARK],
  recognise: (source) => landmarksIn(source, [LANDMARK, 'mid.block_1.temb_proj.weight']),
  infer: inferUnet,
  bind: (source, config) => bindPublished(source, LANDMARK, unet(config)),
};
