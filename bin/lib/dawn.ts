import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';

/** WebGPU can't be had on this machine: one sentence without a full stop, what happened and what to do. */
export class GpuError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GpuError';
  }
}

/** What Dawn's module exports, as far as it is used here. */
export interface DawnModule {
  create(options: readonly string[]): GPU;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** WebGPU as it was opened. */
export interface Dawn {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Computed by the processor: right, but slow. */
  readonly software: boolean;
  /** Lets the process end; nothing may be computed afterwards. */
  close(): void;
}

const NO_ADAPTER =
  'no graphics card answered: Dawn found no adapter. On Linux it needs the Vulkan loader (libvulkan.so.1; Debian: ' +
  'libvulkan1) and the Vulkan part of the card’s driver (NVIDIA: libGLX_nvidia.so.0 and an ICD file that names it; in a ' +
  'container the capability “graphics”); WASM needs none of it (--device wasm)';

/** What takes bytes from memory that threads share copies them first: Dawn in Node refuses such memory. */
function acceptSharedMemory({ GPUQueue: queue }: DawnModule['globals']): void {
  if (typeof queue !== 'function') return;
  const prototype = queue.prototype as GPUQueue;
  const write = prototype.writeBuffer as (this: GPUQueue, ...args: unknown[]) => undefined;
  prototype.writeBuffer = function (
    this: GPUQueue,
    ...[buffer, offset, data, ...part]: unknown[]
  ): undefined {
    const shared = ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer;
    return write.call(this, buffer, offset, shared ? (data as Uint8Array).slice() : data, ...part);
  } as GPUQueue['writeBuffer'];
}

function load(path: string): DawnModule {
  try {
    return createRequire(import.meta.url)(path) as DawnModule;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new GpuError(`Dawn could not be loaded (${reason}); WASM needs no Dawn (--device wasm)`, {
      cause: error,
    });
  }
}

/** Gives the program `navigator.gpu`, as a browser has it. */
function setNavigator(gpu: GPU): void {
  const own = { gpu, hardwareConcurrency: availableParallelism() };
  if (globalThis.navigator === undefined)
    Object.defineProperty(globalThis, 'navigator', { value: own, configurable: true });
  else Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
}

/**
 * Puts WebGPU into Node: the classes of WebGPU on `globalThis`, and `navigator.gpu`, by Dawn.
 * @param dawn path of `dawn.node`, or the module itself
 * @returns which adapter answered
 * @throws GpuError where Dawn can't be loaded or finds no adapter
 */
export async function openDawn(dawn: string | DawnModule): Promise<Dawn> {
  const found = typeof dawn === 'string' ? load(dawn) : dawn;
  acceptSharedMemory(found.globals);
  Object.assign(globalThis, found.globals);
  const gpu = found.create([]);
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    throw new GpuError(NO_ADAPTER, { cause: error });
  }
  if (!adapter) throw new GpuError(NO_ADAPTER);
  setNavigator(gpu);
  // Dawn learns what the card has finished while the event loop turns, and does not wake it: a timer does.
  const awake = setInterval(() => {}, 5);
  const { vendor = '', architecture = '', description = '' } = adapter.info ?? {};
  const software = /swiftshader|llvmpipe|lavapipe|software/i.test(`${architecture} ${description}`);
  return { vendor, architecture, description, software, close: () => clearInterval(awake) };
}
