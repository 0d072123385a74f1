import type * as OrtModule from 'onnxruntime-web';
import { Fault } from '#lib/base/errors.ts';
import type { EncodedModel } from '#lib/graph/encode.ts';
import { DistantBytes, lostFile, PassedOn } from '#lib/weights/distant.ts';
import { loadFile } from '#lib/weights/download.ts';
import { BUILDS, type BuildFiles, type BuildId } from './builds.ts';
import { reasonOf, type Progress } from './protocol.ts';
import type { Device } from '#lib/base/device.ts';
import type { WireTensor } from '#lib/base/tensor.ts';

export type Ort = typeof OrtModule;

/** Whether an error of the runtime means that memory was refused. */
export function isOutOfMemory(error: unknown): boolean {
  const text = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  return /bad_alloc|out of memory|could not allocate|cannot allocate|failed to allocate|allocation failed|WebAssembly\.Memory|\bOOM\b/i.test(
    text,
  );
}

/**
 * Downloads one build of onnxruntime-web and sets it up; nothing is fetched from anywhere else.
 * The module file is imported as it lies, because its threads load that same file again.
 * Throws Fault: those of the download, `runtime-download` when the module cannot be loaded.
 */
export async function loadOrt(
  build: BuildId,
  files: BuildFiles,
  threads: number,
  onProgress: (progress: Progress) => void,
): Promise<Ort> {
  const { bytes, sha256 } = BUILDS[build];
  const binary = loadFile(files.wasm, {
    bytes,
    sha256,
    onProgress: (p) => onProgress({ stage: 'runtime', ...p }),
  });
  const script = import(/* @vite-ignore */ files.script) as Promise<Ort>;
  script.catch(() => {});
  const wasmBinary = await binary.catch((error: unknown) => {
    throw asRuntimeFault(error, files.wasm);
  });
  let ort: Ort;
  try {
    ort = await script;
  } catch (error) {
    throw new Fault('runtime-download', { file: fileName(files.script) }, error);
  }
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmBinary = wasmBinary;
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.proxy = false;
  return ort;
}

/** A download fault of the runtime's own file: offline stays offline, the rest is about the runtime. */
function asRuntimeFault(error: unknown, url: string): unknown {
  if (!(error instanceof Fault) || error.code === 'offline' || error.code === 'cancelled') return error;
  return new Fault('runtime-download', { ...error.details, file: fileName(url) }, error);
}

function fileName(url: string): string {
  return new URL(url, 'http://x').pathname.split('/').pop() ?? url;
}

/** Whole numbers that a session is fed: a shape, an index. */
export interface IntTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: BigInt64Array;
}
export type Feed = WireTensor | IntTensor;

/** A graph made ready to run on one device. */
export interface Session {
  /** Runs once and reads back the outputs named in `fetches`, float32, in the graph's own shapes. */
  run(feeds: readonly Feed[], fetches: readonly string[], cache?: Cache): Promise<WireTensor[]>;
  /** Frees its weights and GPU buffers. */
  release(): Promise<void>;
}

/**
 * What one pass leaves for the next: outputs that are inputs then, as the device holds them. On a GPU they are never
 * brought to the processor.
 */
export interface Cache {
  /** Output → the input it is at the next pass. */
  readonly feeds: Readonly<Record<string, string>>;
  /** The session's own tensors, by input name; empty before the first pass. */
  readonly held: Map<string, unknown>;
  /** Frees them. */
  release?: () => void;
}

export interface SessionOptions {
  /** For many passes: worth optimising. */
  readonly lasting?: boolean;
  /** Outputs that stay on the device (`Cache`). */
  readonly held?: readonly string[];
}

/** Bytes of weights from which on they are not laid out twice. */
const LARGE = 128e6;
const large = (files: EncodedModel['externalData']): boolean =>
  files.reduce((sum, { data }) => sum + data.byteLength, 0) > LARGE;

/** Makes sessions; the page's worker uses onnxruntime-web, tests a stand-in. */
export type CreateSession = (model: EncodedModel, options?: SessionOptions) => Promise<Session>;

/**
 * Sessions of onnxruntime-web on one execution provider. On WASM only those that last are optimised: for ViT-Ti it
 * takes longer to build a session so (60 ms for 25) and saves nothing in a pass, where the weights are cast each time.
 * Where weights are large none is laid out a second time for its products: a ViT-B took 0.3 times its file more so, in the
 * same time. Weights that are not in memory are read while the session is built, one tensor after another.
 * The session throws Fault: `wasm-memory` when memory was refused, `run-failed` with the runtime's reason otherwise.
 */
export function ortSessions(ort: Ort, device: Device): CreateSession {
  return async ({ model, externalData: stored }, { lasting = false, held = [] } = {}) => {
    const externalData = stored.map(({ path, data }) => ({
      path,
      data: data instanceof DistantBytes ? new PassedOn(data) : data,
    }));
    const session = await asFault(
      ort.InferenceSession.create(model, {
        executionProviders: [device],
        externalData,
        ...(large(externalData) && { extra: { session: { disable_prepacking: '1' } } }),
        graphOptimizationLevel: device === 'wasm' && !lasting ? 'disabled' : 'all',
        preferredOutputLocation:
          device === 'webgpu' && held.length > 0
            ? Object.fromEntries(held.map((name) => [name, 'gpu-buffer' as const]))
            : 'cpu',
      }),
    ).catch((error: unknown) => {
      // The runtime says only that it has not got its bytes.
      throw lostFile(externalData.map(({ data }) => data)) ?? error;
    });
    for (const { data } of externalData) if (data instanceof PassedOn) data.done();
    return {
      async run(feeds, fetches, cache) {
        const inputs: Record<string, OrtModule.Tensor> = Object.fromEntries(
          feeds.map(({ name, shape, data }) => [name, tensorOf(ort, shape, data)]),
        );
        // Only this function writes to a cache, and what it writes are tensors of this runtime.
        for (const [name, tensor] of cache?.held ?? []) inputs[name] = tensor as OrtModule.Tensor;
        const kept = Object.keys(cache?.feeds ?? {});
        const results = await asFault(session.run(inputs, [...new Set([...fetches, ...kept])]));
        if (cache) hold(cache, results);
        return Promise.all(
          fetches.map(async (name) => {
            const result = results[name]!;
            const data = result.location === 'cpu' ? result.data : await result.getData();
            if (!(data instanceof Float32Array))
              throw new Fault('run-failed', { tensor: name, reason: 'not float32' });
            return { name, shape: [...result.dims], data };
          }),
        );
      },
      release: () => session.release(),
    };
  };
}

/** Puts the outputs that the next pass is fed into the cache, and frees those of the pass before. */
function hold(cache: Cache, results: OrtModule.InferenceSession.ReturnType): void {
  cache.release?.();
  const tensors = Object.entries(cache.feeds).map(([output, input]) => [input, results[output]!] as const);
  for (const [input, tensor] of tensors) cache.held.set(input, tensor);
  cache.release = () => {
    for (const [, tensor] of tensors) if (tensor.location !== 'cpu') tensor.dispose();
  };
}

function tensorOf(ort: Ort, shape: readonly number[], data: Feed['data']): OrtModule.Tensor {
  return data instanceof Float32Array
    ? new ort.Tensor('float32', data, shape)
    : new ort.Tensor('int64', data, shape);
}

async function asFault<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Fault(isOutOfMemory(error) ? 'wasm-memory' : 'run-failed', reasonOf(error), error);
  }
}
