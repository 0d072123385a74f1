export { CONFIG, PRESETS, shapesOf, TRAINED } from '#lib/notebook/patch-shapes.ts';

/** The tensors of this lesson's way, in order; those that a configuration does not have are left out. */
export const WAY = ['x', 'patches', 'patch_embed', 'tokens', 'logits'] as const;
