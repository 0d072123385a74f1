import { availableParallelism } from 'node:os';
import type { Device } from '#lib/base/device.ts';
import { ortSessions, type CreateSession, type Session } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import type { Graph } from '#lib/graph/index.ts';
import type { Variant } from '#lib/models/registry.ts';
import type { Target } from './target.ts';
import { UsageError } from './usage.ts';

export interface OpenModel {
  readonly graph: Graph;
  /** Names of the tensors it returns. */
  readonly fetches: readonly string[];
  /** Names of the inputs it takes. */
  readonly inputs: readonly string[];
  readonly session: Session;
}

/** The device of an option. @throws UsageError */
export function deviceOf(named: string | undefined): Device {
  if (named === undefined || named === 'wasm') return 'wasm';
  if (named === 'webgpu') return named;
  throw new UsageError(`--device takes wasm or webgpu, not "${named}"`);
}

const opened = new Map<Device, Promise<CreateSession>>();

/** What makes sessions on a device, opened once a process. @throws GpuError where no adapter answers */
export function sessionsOn(device: Device): Promise<CreateSession> {
  let sessions = opened.get(device);
  if (!sessions) opened.set(device, (sessions = open(device)));
  return sessions;
}

/**
 * Sessions of onnxruntime-web: on WASM with as many threads as the machine runs at once, or on WebGPU through Dawn,
 * whose packages are fetched on first use.
 */
async function open(device: Device): Promise<CreateSession> {
  if (device === 'webgpu') {
    const { openDawn } = await import('./dawn.ts');
    const { gpuPackages } = await import('./gpu-packages.ts');
    const { ortOnWebGpu } = await import('./ort-webgpu.ts');
    await openDawn(gpuPackages().dawn);
    return ortSessions(await ortOnWebGpu(), device);
  }
  const ort = await import('onnxruntime-web');
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = availableParallelism();
  return ortSessions(ort, device);
}

/**
 * A session for a model: the page's own code.
 * @throws Fault `wasm-memory`, `run-failed`; WeightsError; GraphError; GpuError
 */
export async function openModel(
  target: Target,
  variant: Variant,
  fetches: readonly string[],
  device: Device = 'wasm',
): Promise<OpenModel> {
  const { graph, encoded } = prepareModel(target.weights(), target.of, { variant, outputs: fetches });
  const session = await (await sessionsOn(device))(encoded);
  return { graph, fetches, inputs: encoded.inputs, session };
}
