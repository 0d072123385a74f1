import { covers, differingLeaves, inSlot, type OpenLeaves } from '#lib/graph/alike.ts';
import { encode, type EncodedModel } from '#lib/graph/encode.ts';
import { partOf, tensorOrPart, type Graph, type Value, type WeightSource } from '#lib/graph/index.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import {
  atVariant,
  buildGraph,
  graphOf,
  neutralOf,
  type Blueprint,
  type InputValues,
  type Variant,
} from '#lib/models/registry.ts';
import { float32Of } from '#lib/weights/source.ts';
import type { Feed } from './ort.ts';

/** A graph bound to weights, encoded, with what it takes to feed it. */
export interface PreparedModel {
  readonly graph: Graph;
  readonly encoded: EncodedModel;
  /** Neutral values of the intervention inputs, by name. Empty for a graph without them. */
  readonly neutral: InputValues;
  /** What a session of it will hold, about: its weights as float32 and the tensors it returns. Bytes. */
  readonly bytes: number;
  /** Where the session serves other variants too: the leaves in which they differ, and what is fed for this one. */
  readonly open?: { readonly leaves: OpenLeaves; readonly feeds: readonly Feed[] };
  /** The weights it was bound to, at its variant. */
  readonly weights?: WeightSource;
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
  /** The graph of another variant: what differs in it is fed, so that the session serves both (`prepareShared`). */
  readonly like?: Graph | undefined;
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
  const { outputs, like } = options;
  const { graph, neutral, weights: adapted } = adapt(weights, model, options);
  const open = like && differingLeaves(like, graph);
  const encoded = encode(graph, { outputs, weights: adapted, ...(open && { open }) });
  let held = 0;
  for (const v of graph.values.values()) if (v.kind === 'weight') held += sizeOf(v.shape);
  for (const name of outputs) held += sizeOf(graph.value(name).shape);
  const whole = { graph, encoded, neutral, weights: adapted, bytes: 4 * held };
  return open ? { ...whole, open: openAt(graph, encoded, adapted, open) } : whole;
}

/**
 * The same session's model at another variant: what is fed to a session that was prepared with `like`. Undefined where
 * the session cannot serve this variant: the graphs differ in more than it left open.
 * @throws WeightsError for a variant that cannot be
 */
export function prepareShared(
  of: PreparedModel,
  weights: WeightSource,
  model: Blueprint,
  options: PrepareOptions,
): PreparedModel | undefined {
  if (!of.open || !of.weights) return undefined;
  const { graph, neutral, weights: adapted } = adapt(weights, model, options);
  const { leaves } = of.open;
  const differing = differingLeaves(of.graph, graph);
  if (!differing || !covers(leaves, differing)) return undefined;
  for (const { kind, name } of graph.values.values())
    if (kind === 'weight' && !leaves.names.has(name) && !sameWeight(name, of.weights, adapted))
      return undefined;
  const open = openAt(graph, of.encoded, adapted, leaves);
  let held = 0;
  for (const { data } of open.feeds) held += data.byteLength;
  for (const name of options.outputs) held += 4 * sizeOf(graph.value(name).shape);
  return { graph, encoded: of.encoded, neutral, weights: adapted, open, bytes: held };
}

/** Whether a weight is the same bytes in both. */
function sameWeight(name: string, a: WeightSource, b: WeightSource): boolean {
  const [x, y] = [a.get(name), b.get(name)];
  if (!x || !y) return x === y;
  return x.dtype === y.dtype && x.offset === y.offset && a.buffers.get(x.file) === b.buffers.get(y.file);
}

/** The values of what an encoded model left open; the network's own inputs come with each request. */
function openAt(
  graph: Graph,
  { inputs }: EncodedModel,
  weights: WeightSource,
  leaves: OpenLeaves,
): NonNullable<PreparedModel['open']> {
  const feeds = inputs.flatMap((name) => {
    const v = leaves.slots.has(name) ? inSlot(graph, name) : graph.value(name);
    return v.kind === 'input' ? [] : [{ name, shape: v.shape, data: valuesOf(v, weights) } as Feed];
  });
  return { leaves, feeds };
}

function valuesOf(v: Value, weights: WeightSource): Float32Array | BigInt64Array {
  if (v.kind === 'weight') return float32Of(weights, v.name)!;
  const data = v.data ?? [];
  return data instanceof Float32Array ? data : BigInt64Array.from(data, BigInt);
}

/** The graph of a request, with the parts it asks for, and the weights that fit it. */
function adapt(weights: WeightSource, model: Blueprint, options: PrepareOptions) {
  const { variant, batch = 1, interventions = false, outputs } = options;
  const adapted = atVariant(weights, { architecture: model.architecture, config: model.config }, variant);
  // A part is added to the graph it is asked of, and a graph that others share must stay as it is.
  const build = outputs.some(partOf) ? buildGraph : graphOf;
  const graph = build(adapted.of, { interventions, batch });
  for (const name of outputs) tensorOrPart(graph, name);
  const neutral = Object.entries(interventions ? neutralOf(adapted.of) : {}).map(
    ([name, { data }]) => [name, data] as const,
  );
  return { graph, weights: adapted.weights, neutral: Object.fromEntries(neutral) as InputValues };
}
