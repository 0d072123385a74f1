import { Fault } from '#lib/base/errors.ts';
import { chooseBuild, type BuildId } from './builds.ts';
import { messageOf, type AdapterFacts, type StartOptions, type StartResult } from './protocol.ts';
import type { Device, DeviceReason } from '#lib/base/device.ts';

/** What the choice needs of a browser; tests pass their own. */
export interface Browser {
  /** `navigator.gpu`, if there is one. */
  readonly gpu: Pick<GPU, 'requestAdapter'> | undefined;
  /** Whether `WebAssembly.Suspending` exists. */
  readonly jspi: boolean;
  /** Whether SharedArrayBuffer may be used. */
  readonly isolated: boolean;
  /** `navigator.hardwareConcurrency`. */
  readonly cores: number;
}

/** What the choice does with the runtime; tests pass their own. */
export interface Bench {
  /** Downloads and initialises a build with so many threads. */
  load(build: BuildId, threads: number): Promise<void>;
  /** Runs the self-check graph: max |Δ| against the known answers. Throws where the device cannot run it. */
  check(device: Device): Promise<number>;
}

/** A self-check that is off by more than this is a wrong device. All its answers lie within ±14. */
export const SELF_CHECK_TOLERANCE = 1e-3;

/** More threads than this bring little for models of this size and starve the page. */
const MOST_THREADS = 4;

/** Threads for the WASM backend: all cores up to four where the page is cross-origin isolated, else one. */
export function threadCount(browser: Pick<Browser, 'isolated' | 'cores'>): number {
  return browser.isolated ? Math.max(1, Math.min(MOST_THREADS, browser.cores)) : 1;
}

interface Why {
  readonly reason: DeviceReason;
  readonly detail?: string;
}

interface Candidate extends Why {
  readonly adapter?: GPUAdapter;
}

/** Looks for an adapter; never throws. */
async function findAdapter(browser: Browser, prefer: Device | undefined): Promise<Candidate> {
  if (prefer === 'wasm') return { reason: 'chosen-by-reader' };
  if (!browser.gpu) return { reason: 'no-webgpu' };
  try {
    const adapter = await browser.gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ? { adapter, reason: 'webgpu-works' } : { reason: 'adapter-refused' };
  } catch (error) {
    const detail = messageOf(error);
    return { reason: 'adapter-refused', ...(detail === undefined ? {} : { detail }) };
  }
}

/**
 * Chooses the device and proves it: WebGPU when an adapter is granted and the self-check's numbers are right,
 * else WASM, held to the same numbers. The reason is always recorded.
 * Throws Fault: what `load` throws; `webgpu-wrong` when WebGPU failed in a way that leaves the runtime unusable (the
 * page then starts a new worker on WASM); `run-failed` when even WASM computes wrong numbers.
 */
export async function startDevice(
  options: Pick<StartOptions, 'prefer' | 'because'>,
  browser: Browser,
  bench: Bench,
): Promise<StartResult> {
  const found = await findAdapter(browser, options.prefer);
  // After a GPU that failed, the build that came for it is here already and knows WASM as well.
  const kept = browser.jspi && options.because !== undefined;
  const build = chooseBuild({ jspi: browser.jspi, adapter: kept || found.adapter !== undefined });
  const threads = threadCount(browser);
  await bench.load(build, threads);
  const adapter = found.adapter && adapterFacts(found.adapter);
  const settle = (device: Device, selfCheck: number, { reason, detail }: Why): StartResult => ({
    device,
    threads,
    build,
    reason,
    selfCheck,
    ...(detail === undefined ? {} : { detail }),
    ...(adapter ? { adapter } : {}),
  });
  let why: Why = options.because ?? found;
  if (found.adapter) {
    const off = await gpuCheck(bench);
    if (off <= SELF_CHECK_TOLERANCE) return settle('webgpu', off, why);
    why = { reason: 'self-check-failed', detail: `max |Δ| = ${off}` };
  }
  const off = await bench.check('wasm');
  if (!(off <= SELF_CHECK_TOLERANCE))
    throw new Fault('run-failed', { reason: `self-check: max |Δ| = ${off}` });
  return settle('wasm', off, why);
}

/** A GPU that has not answered the self-check after this many milliseconds will not. */
const GPU_PATIENCE = 45_000;

/** The self-check on WebGPU. What throws there, or hangs, may have taken the runtime with it. */
async function gpuCheck(bench: Bench): Promise<number> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`t > ${GPU_PATIENCE / 1000} s`)), GPU_PATIENCE);
  });
  try {
    return await Promise.race([bench.check('webgpu'), late]);
  } catch (error) {
    const reason = error instanceof Fault ? error.details.reason : messageOf(error);
    throw new Fault('webgpu-wrong', reason === undefined ? {} : { reason }, error);
  } finally {
    clearTimeout(timer);
  }
}

function adapterFacts(adapter: GPUAdapter): AdapterFacts {
  const { vendor = '', architecture = '', description = '', isFallbackAdapter = false } = adapter.info ?? {};
  return { vendor, architecture, description, software: isFallbackAdapter || architecture === 'swiftshader' };
}
