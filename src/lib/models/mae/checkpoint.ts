import type { Checkpoint } from '../family.ts';
import { bindPublished } from '../shared/bind.ts';
import { fixedTable } from '../shared/patches.ts';
import { bindNamed } from '../shared/renamed.ts';
import type { MAEConfig } from './config.ts';
import { mae } from './graph.ts';
import { inferMae } from './infer.ts';
import { LANDMARK, maeNames, recogniseMae } from './keymaps.ts';

/** How weights files of a masked autoencoder are read. */
export const CHECKPOINT: Checkpoint<MAEConfig> = {
  landmarks: [LANDMARK],
  recognise: recogniseMae,
  infer: inferMae,
  names: maeNames,
  bind(source, config) {
    const tables = {
      pos_embed: fixedTable(config, config.dim, 1),
      decoder_pos_embed: fixedTable(config, config.decoderDim, 1),
    };
    const map = maeNames(source);
    // Without a decoder the graph's own names are held against the file, which says what is missing.
    return map
      ? bindNamed(source, map, mae(config), tables)
      : bindPublished(source, LANDMARK, mae(config), tables);
  },
};
