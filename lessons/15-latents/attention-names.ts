import { uvitSizes } from '#lib/models/uvit/config.ts';
import { DENOISER_CONFIG, GRAPHS } from './model.ts';
import { sequenceOf } from './sequence.ts';

const ENDS = '.attn.probs';

/** Attention tensors of the denoiser, in the order its blocks run. */
export const ATTENTION: readonly string[] = [...GRAPHS.denoiser.values.keys()].filter((name) =>
  name.endsWith(ENDS),
);
/** Where the tokens of its sequence lie. */
export const SEQUENCE = sequenceOf(DENOISER_CONFIG);
export const HEADS = DENOISER_CONFIG.heads;

/** A block's name where there is little room: `in 0`, `mid`, `out 3`. */
export function shortBlock(index: number): string {
  const { half } = uvitSizes(DENOISER_CONFIG);
  if (index === half) return 'mid';
  return index < half ? `in ${index}` : `out ${index - half - 1}`;
}
