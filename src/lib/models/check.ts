import { graphOf, type Blueprint } from './registry.ts';
import { bindWeights } from './bind.ts';
import { checkpointOf } from './checkpoints.ts';
import { harmless } from './shared/parts.ts';
import { notFinite, type NotFinite } from '#lib/weights/finite.ts';
import type { WeightSource } from '#lib/weights/source.ts';

/** Weights that were held against the network they are for. */
export interface CheckedWeights {
  /** Under the graph's names. */
  readonly weights: WeightSource;
  /** Tensors of the file that no answer depends on, with what they are; all others are used. */
  readonly leftOut: readonly { readonly tensor: string; readonly why: string }[];
  /** Tensors of the network with values that are no numbers: its answers will be none either. */
  readonly notFinite: readonly NotFinite[];
}

/**
 * The one check of a weights file, whatever it is opened for: every tensor of the network is there in its shape, every
 * tensor of the file is used or left out for a reason, and values that are no numbers are found.
 * @throws WeightsError for the first tensor that is missing, has another shape, or has no place in the network
 */
export function checkWeights(source: WeightSource, of: Blueprint): CheckedWeights {
  const weights = bindWeights(source, of);
  const used = [...graphOf(of).values.values()]
    .filter(({ kind }) => kind === 'weight')
    .map(({ name }) => name);
  const names = checkpointOf(of.architecture).names?.(source);
  const needed = new Set(used.flatMap((name) => names?.origins.get(name)?.from ?? [name]));
  const leftOut = source.names().flatMap((tensor) => {
    const why = needed.has(tensor) ? undefined : harmless(tensor);
    return why === undefined ? [] : [{ tensor, why }];
  });
  return { weights, leftOut: [...leftOut, ...(names?.left ?? [])], notFinite: notFinite(weights, used) };
}
