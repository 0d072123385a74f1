import type { Pruning } from './stored-answers.ts';

const found = import.meta.glob<Pruning>('/models/swin-sparse/pruning.json', {
  eager: true,
  import: 'default',
});
/** Answers of the adapted network and of the one it started from; undefined where this copy of the site has none. */
export const PRUNING: Pruning | undefined = Object.values(found)[0];

/** The network that was trained on with random shares, and the one that it started from. */
export const ADAPTED = 'swin-sparse';
export const STARTED = 'swin-shifted';
