import { architectureOf, build, type Blueprint } from '#lib/models/registry.ts';
import { encode, type EncodedModel } from '#lib/graph/encode.ts';
import { tensorOrPart, type Graph, type WeightSource } from '#lib/graph/index.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import { resizePatch } from '#lib/models/vit/resize.ts';
import { WeightsError } from '#lib/weights/source.ts';

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
  /** Patch size to build with, the stored one by default; weights and positions are resized from the stored ones. */
  readonly patch?: number;
  /** Pictures at once; 1 by default. */
  readonly batch?: number;
  /** Names of the tensors to return; of large ones a part (`blocks.0.attn.scores[2]`, see graph/part.ts). */
  readonly outputs: readonly string[];
  /** Build the intervention inputs in. */
  readonly interventions?: boolean;
}

/**
 * A model ready for a session: graph, weights, ONNX bytes. A ViT may have another patch size than the stored one;
 * its weights are resized to it.
 * @param weights under the graph's names (`bindWeights`)
 * @throws GraphError for an unknown output or weights that do not fit; WeightsError for a patch size that cannot be
 */
export function prepareModel(
  weights: WeightSource,
  model: Blueprint,
  options: PrepareOptions,
): PreparedModel {
  const { patch = model.config.patch, batch = 1, outputs, interventions = false } = options;
  const resized = atPatch(weights, model, patch);
  const graph = build(resized.of, { interventions, batch });
  for (const name of outputs) tensorOrPart(graph, name);
  const encoded = encode(graph, { outputs, weights: resized.weights });
  const { neutral } = architectureOf(model.architecture);
  const values = Object.entries(interventions ? neutral(resized.of.config) : {});
  let held = 0;
  for (const v of graph.values.values()) if (v.kind === 'weight') held += sizeOf(v.shape);
  for (const name of outputs) held += sizeOf(graph.value(name).shape);
  return {
    graph,
    encoded,
    neutral: Object.fromEntries(values.map(([name, { data }]) => [name, data])),
    bytes: 4 * held,
  };
}

/** A model at another patch size, its weights resized. @throws WeightsError for an architecture that has one alone */
export function atPatch(
  weights: WeightSource,
  of: Blueprint,
  patch: number,
): { of: Blueprint; weights: WeightSource } {
  if (patch === of.config.patch) return { of, weights };
  if (of.architecture !== 'vit') {
    throw new WeightsError(`its patch size is ${of.config.patch} and cannot be changed to ${patch}`);
  }
  const { config, weights: resized } = resizePatch(weights, of.config, patch);
  return { of: { architecture: 'vit', config }, weights: resized };
}
