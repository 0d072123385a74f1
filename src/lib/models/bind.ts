import type { WeightSource } from '#lib/weights/source.ts';
import { familyOf, type Blueprint } from './registry.ts';

/**
 * The weights of any network under its graph's names; each family knows the names it has been published with.
 * @throws WeightsError for the first tensor that is missing, has another shape, or has no place in the configuration
 */
export function bindWeights(source: WeightSource, of: Blueprint): WeightSource {
  return familyOf(of.architecture).checkpoint.bind(source, of.config);
}
