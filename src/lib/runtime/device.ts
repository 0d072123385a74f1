import { Fault } from '../errors.ts';
import { chooseBuild, type BuildId } from './builds.ts';
import type { AdapterFacts, Device, DeviceReason, StartOptions, StartResult } from './protocol.ts';

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

interface Candidate {
  adapter?: GPUAdapter;
  reason: DeviceReason;
  detail?: string;
}

/** Looks for an adapter; never throws. */
async function findAdapter(browser: Browser, prefer: Device | undefined): Promise<Candidate> {
  if (prefer === 'wasm') return { reason: 'chosen-by-reader' };
  if (!browser.gpu) return { reason: 'no-webgpu' };
  try {
    const adapter = await browser.gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ? { adapter, reason: 'webgpu-works' } : { reason: 'adapter-refused' };
  } catch (error) {
    return { reason: 'adapter-refused', detail: messageOf(error) };
  }
}

/**
 * Chooses the device and proves it: WebGPU when an adapter is granted and the self-check's numbers are right,
 * else WASM, held to the same numbers. The reason is always recorded.
 * Throws Fault: what `load` throws, or `run-failed` when even WASM computes wrong numbers.
 */
export async function startDevice(
  options: Pick<StartOptions, 'prefer' | 'afterLoss'>,
  browser: Browser,
  bench: Bench,
): Promise<StartResult> {
  const found = await findAdapter(browser, options.prefer);
  const build = chooseBuild({ jspi: browser.jspi, adapter: found.adapter !== undefined });
  const threads = threadCount(browser);
  await bench.load(build, threads);
  let { reason, detail } = found;
  const adapter = found.adapter && adapterFacts(found.adapter);
  const settle = (device: Device, selfCheck: number): StartResult => ({
    device,
    threads,
    build,
    reason: options.afterLoss ? 'device-lost' : reason,
    selfCheck,
    ...(detail === undefined ? {} : { detail }),
    ...(adapter ? { adapter } : {}),
  });
  if (found.adapter) {
    try {
      const off = await bench.check('webgpu');
      if (off <= SELF_CHECK_TOLERANCE) return settle('webgpu', off);
      detail = `max |Δ| = ${off}`;
    } catch (error) {
      detail = messageOf(error);
    }
    reason = 'self-check-failed';
  }
  const off = await bench.check('wasm');
  if (!(off <= SELF_CHECK_TOLERANCE))
    throw new Fault('run-failed', { reason: `self-check: max |Δ| = ${off}` });
  return settle('wasm', off);
}

function adapterFacts(adapter: GPUAdapter): AdapterFacts {
  const { vendor = '', architecture = '', description = '', isFallbackAdapter = false } = adapter.info ?? {};
  return { vendor, architecture, description, software: isFallbackAdapter || architecture === 'swiftshader' };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
