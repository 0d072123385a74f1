import * as ort from 'onnxruntime-web';
import { sizeOf } from '#lib/base/tensor.ts';
import { encode } from './encode.ts';
import type { Graph } from './graph.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { WeightSource } from './types.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

/** What a test feeds: values in row-major order under the input's name. */
export type Feeds = Readonly<Record<string, Float32Array | readonly number[]>>;

/** Encodes a graph and runs it once with onnxruntime-web on one WASM thread. For tests. */
export async function runGraph(
  graph: Graph,
  outputs: readonly string[],
  feeds: Feeds,
  weights?: WeightSource,
  external = true,
): Promise<Record<string, Tensor>> {
  const encoded = encode(graph, { outputs, external, ...(weights && { weights }) });
  const session = await ort.InferenceSession.create(encoded.model, {
    executionProviders: ['wasm'],
    externalData: encoded.externalData,
  });
  const given: Record<string, ort.Tensor> = {};
  for (const name of encoded.inputs) {
    const { shape } = graph.value(name);
    const values = feeds[name];
    if (!values || values.length !== sizeOf(shape)) throw new Error(`${name} needs ${sizeOf(shape)} values`);
    given[name] = new ort.Tensor('float32', Float32Array.from(values), [...shape]);
  }
  const results = await session.run(given);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, t]) => {
      const { dims } = graph.value(name);
      return [name, { name, shape: t.dims, dims, data: t.data as Float32Array }];
    }),
  );
}
