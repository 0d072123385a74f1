import { availableParallelism } from 'node:os';
import { ortSessions, type Session } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import type { Graph } from '#lib/graph/index.ts';
import type { Variant } from '#lib/models/registry.ts';
import type { Target } from './target.ts';

export interface OpenModel {
  readonly graph: Graph;
  /** Names of the tensors it returns. */
  readonly fetches: readonly string[];
  /** Names of the inputs it takes. */
  readonly inputs: readonly string[];
  readonly session: Session;
}

/**
 * A session of onnxruntime-web on WASM, with as many threads as the machine runs at once: the page's own code.
 * @throws Fault `wasm-memory`, `run-failed`; WeightsError; GraphError
 */
export async function openModel(
  target: Target,
  variant: Variant,
  fetches: readonly string[],
): Promise<OpenModel> {
  const { graph, encoded } = prepareModel(target.weights(), target.of, { variant, outputs: fetches });
  const ort = await import('onnxruntime-web');
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = availableParallelism();
  return { graph, fetches, inputs: encoded.inputs, session: await ortSessions(ort, 'wasm')(encoded) };
}
