import type { WeightSource } from '#lib/weights/source.ts';
import { checkpointOf } from './checkpoints.ts';
import type { Blueprint } from './registry.ts';

/**
 * The weights of any network under its graph's names; each family knows the names it has been published with.
 * @throws WeightsError for the first tensor that is missing, has another shape, or has no place in the configuration
 */
export function bindWeights(source: WeightSource, of: Blueprint): WeightSource {
  return checkpointOf(of.architecture).bind(source, of.config);
}
