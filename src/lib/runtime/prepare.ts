import { encode, type EncodedModel } from '#lib/graph/encode.ts';
import { tensorOrPart, type Graph, type WeightSource } from '#lib/graph/index.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import {
  atVariant,
  graphOf,
  neutralOf,
  type Blueprint,
  type InputValues,
  type Variant,
} from '#lib/models/registry.ts';

/** A graph bound to weights, encoded, with what it takes to feed it. */
export interface PreparedModel {
  readonly graph: Graph;
  readonly encoded: EncodedModel;
  /** Neutral values of the intervention inputs, by name. Empty for a graph without them. */
  readonly neutral: InputValues;
  /** What a session of it will hold, about: its weights as float32 and the tensors it returns. Bytes. */
  readonly bytes: number;
}

export interface PrepareOptions {
  /** What is changed of the stored configuration; weights are resized from the stored ones where they must be. */
  readonly variant?: Variant | undefined;
  /** Pictures at once; 1 by default. */
  readonly batch?: number;
  /** Names of the tensors to return; of large ones a part (`blocks.0.attn.scores[2]`, see graph/part.ts). */
  readonly outputs: readonly string[];
  /** Build the intervention inputs in. */
  readonly interventions?: boolean;
}

/**
 * A model ready for a session: graph, weights, ONNX bytes.
 * @param weights under the graph's names (`bindWeights`)
 * @throws GraphError for an unknown output or weights that do not fit; WeightsError for a variant that cannot be
 */
export function prepareModel(
  weights: WeightSource,
  model: Blueprint,
  options: PrepareOptions,
): PreparedModel {
  const { variant, batch = 1, outputs, interventions = false } = options;
  const adapted = atVariant(weights, { architecture: model.architecture, config: model.config }, variant);
  const graph = graphOf(adapted.of, { interventions, batch });
  for (const name of outputs) tensorOrPart(graph, name);
  const encoded = encode(graph, { outputs, weights: adapted.weights });
  const neutral = interventions ? neutralOf(adapted.of) : {};
  let held = 0;
  for (const v of graph.values.values()) if (v.kind === 'weight') held += sizeOf(v.shape);
  for (const name of outputs) held += sizeOf(graph.value(name).shape);
  return {
    graph,
    encoded,
    neutral: Object.fromEntries(Object.entries(neutral).map(([name, { data }]) => [name, data])),
    bytes: 4 * held,
  };
}
