import type { WeightSource } from '#lib/graph/types.ts';
import type { WireTensor } from '#lib/base/tensor.ts';
import { atVariant, familyOf } from '#lib/models/registry.ts';
import type { FirstRequest } from './protocol.ts';

/**
 * The tensors that a network's first weights make of the inputs; none for a family that has no such layer.
 * @param weights gives some weights, as soon as they are here
 * @throws WeightsError for a variant that cannot be; what `weights` throws
 */
export async function firstLayer(
  { model, variant, inputs }: FirstRequest,
  weights: (names: readonly string[]) => Promise<WeightSource>,
): Promise<readonly WireTensor[]> {
  const { architecture, config } = model.config;
  const { first } = familyOf(architecture);
  if (!first) return [];
  const source = await weights(first.weights(config));
  const adapted = atVariant(source, { architecture, config }, variant);
  return first.compute(adapted.weights, adapted.of.config, inputs) ?? [];
}
