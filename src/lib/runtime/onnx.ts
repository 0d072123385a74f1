import type * as OrtModule from 'onnxruntime-web';
import { Fault } from '#lib/base/errors.ts';
import { sizeOf, type WireTensor } from '#lib/base/tensor.ts';
import { valuesOf, type FeedPlan } from '#lib/own/reading/onnx/feeds.ts';
import { withOutputs } from '#lib/own/reading/onnx/graph.ts';
import type { OpenedOnnx } from '#lib/own/reading/onnx/shelf.ts';
import { halfBits, toFloat32 } from '#lib/weights/dtype.ts';
import { isOutOfMemory, type Ort } from './ort.ts';
import { reasonOf, type OnnxRequest } from './protocol.ts';

/** What is asked of a reader's ONNX model. */
export type OnnxAsk = Omit<OnnxRequest, 'files'>;

/**
 * Runs a reader's ONNX model and reads values of its graph, whatever they are, as float32. The values become outputs of
 * the graph, which is otherwise left as it is.
 * @throws Fault `run-failed` with the runtime's reason, `wasm-memory`
 */
export async function runOnnx(ort: Ort, opened: OpenedOnnx, ask: OnnxAsk): Promise<readonly WireTensor[]> {
  const { facts, bytes, external } = opened;
  const own = new Set(facts.graph.outputs);
  const further = ask.outputs.filter((name) => !own.has(name));
  try {
    const session = await ort.InferenceSession.create(
      further.length > 0 ? withOutputs(bytes, further, facts.beside) : bytes,
      {
        executionProviders: ['wasm'],
        externalData: [...external],
        // Nodes that are optimised away have no values to read.
        graphOptimizationLevel: 'disabled',
      },
    );
    try {
      const feeds = Object.fromEntries(
        facts.feeds.map((plan) => [plan.name, tensorOf(ort, plan, valuesOf(plan, ask.picture))]),
      );
      const results = await session.run(feeds, [...ask.outputs]);
      return ask.outputs.flatMap((name) => {
        const result = results[name];
        if (!result) return [];
        const data = ask.shapesOnly ? new Float32Array(0) : asFloat32(result);
        return [{ name, shape: [...result.dims], data }];
      });
    } finally {
      await session.release();
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(
      isOutOfMemory(error) ? 'wasm-memory' : 'run-failed',
      { file: facts.graph.file, ...reasonOf(error) },
      error,
    );
  }
}

function tensorOf(ort: Ort, { name, type, shape }: FeedPlan, values: Float32Array): OrtModule.Tensor {
  switch (type) {
    case 'float':
      return new ort.Tensor('float32', values, shape);
    case 'float16':
      return new ort.Tensor('float16', Uint16Array.from(values, halfBits), shape);
    case 'double':
      return new ort.Tensor('float64', Float64Array.from(values), shape);
    case 'int64':
      return new ort.Tensor(
        'int64',
        BigInt64Array.from(values, (v) => BigInt(Math.round(v))),
        shape,
      );
    case 'int32':
      return new ort.Tensor('int32', Int32Array.from(values), shape);
    case 'uint8':
      return new ort.Tensor('uint8', Uint8Array.from(values), shape);
    case 'bool':
      return new ort.Tensor('bool', Uint8Array.from(values), shape);
    default:
      throw new Fault('run-failed', {
        tensor: name,
        reason: `an input of type ${type || '?'} cannot be fed`,
      });
  }
}

/** Numbers of any element type; those of texts are refused. */
function asFloat32({ type, data, dims }: OrtModule.Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Uint16Array)
    return toFloat32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 'F16');
  if (type === 'string') throw new Fault('run-failed', { reason: 'its values are texts' });
  const numbers = data as ArrayLike<number | bigint>;
  return Float32Array.from({ length: sizeOf(dims) }, (_, i) => Number(numbers[i]));
}
