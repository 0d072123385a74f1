import { neutralInterventions, vit } from '../architectures/vit.ts';
import { encode, type EncodedModel } from '../graph/encode.ts';
import type { Graph, WeightSource } from '../graph/index.ts';
import { sizeOf } from '../tensor.ts';
import type { ModelConfig } from '../weights/config.ts';
import { resizePatch } from '../weights/resize.ts';

/** A graph bound to weights, encoded, with what it takes to feed it. */
export interface PreparedModel {
  readonly graph: Graph;
  readonly encoded: EncodedModel;
  /** Neutral values of the intervention inputs, by name. Empty for a graph without them. */
  readonly neutral: Readonly<Record<string, Float32Array>>;
  /** What a session of it will hold, about: its weights as float32 and the tensors it returns. Bytes. */
  readonly bytes: number;
}

export interface PrepareOptions {
  /** Patch size to build with; weights and positions are resized from the stored ones. */
  readonly patch: number;
  /** Names of the tensors to return. */
  readonly outputs: readonly string[];
  /** Build the intervention inputs in. */
  readonly interventions?: boolean;
}

/**
 * A ViT ready for a session: graph at this patch size, weights resized to it, ONNX bytes.
 * @param weights under the graph's names (`bindVit`)
 * @throws GraphError for an unknown output or weights that do not fit
 */
export function prepareVit(
  weights: WeightSource,
  model: Pick<ModelConfig, 'config'>,
  options: PrepareOptions,
): PreparedModel {
  const { patch, outputs, interventions = false } = options;
  const resized = resizePatch(weights, model.config, patch);
  const graph = vit(resized.config, { interventions });
  const encoded = encode(graph, { outputs, weights: resized.weights });
  const neutral = Object.entries(interventions ? neutralInterventions(resized.config) : {});
  let values = 0;
  for (const v of graph.values.values()) if (v.kind === 'weight') values += sizeOf(v.shape);
  for (const name of outputs) values += sizeOf(graph.value(name).shape);
  return {
    graph,
    encoded,
    neutral: Object.fromEntries(neutral.map(([name, { data }]) => [name, data])),
    bytes: 4 * values,
  };
}
