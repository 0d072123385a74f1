import { familyOf, variantOf, type Blueprint } from '#lib/models/registry.ts';
import { fetchConfig } from '#lib/runtime/fetch-config.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { checkInputs, fedNames, Golden, type Comparison } from './golden.ts';
import type { RunRequest } from '#lib/runtime/protocol.ts';
import type { Device } from '#lib/base/device.ts';
import type { WireTensor } from '#lib/base/tensor.ts';

/** What a check found. Every deviation is the largest over all cells that were compared. */
export interface TrustReport {
  /** The device that was checked. */
  readonly device: Device;
  /** Patch size of the check; undefined for a model that has one alone. */
  readonly patch: number | undefined;
  /** Each tensor of the page against PyTorch's. */
  readonly reference: readonly Comparison[];
  /** Each of them against the other device; undefined where this browser has only one. */
  readonly between: readonly Comparison[] | undefined;
}

/** The comparison nearest to its tolerance, or farthest beyond it. */
export function worstOf(list: readonly Comparison[]): Comparison | undefined {
  const share = (c: Comparison) => c.worst / tolerance(c);
  return list.reduce<Comparison | undefined>((a, b) => (a && share(a) >= share(b) ? a : b), undefined);
}

/** What a deviation may be: 1e-3 · (1 + max|reference|), as everywhere in this project. */
export function tolerance({ scale }: Pick<Comparison, 'scale'>): number {
  return 1e-3 * (1 + scale);
}

/** Whether everything compared lies within its tolerance. */
export function trusted(report: TrustReport): boolean {
  return [...report.reference, ...(report.between ?? [])].every((c) => c.within);
}

/** Two results for the same input, tensor by tensor; NaN, or a result that is missing, differs by Infinity. */
export function compareRuns(left: readonly WireTensor[], right: readonly WireTensor[]): Comparison[] {
  return left.map(({ name, data }) => {
    const other = right.find((t) => t.name === name)?.data;
    let worst = other?.length === data.length ? 0 : Infinity;
    let scale = 0;
    for (let i = 0; i < data.length && other; i++) {
      const off = Math.abs(data[i]! - (other[i] ?? NaN));
      if (!(off <= worst)) worst = Number.isNaN(off) ? Infinity : off;
      scale = Math.max(scale, Math.abs(other[i] ?? 0));
    }
    return { name, worst, scale, count: data.length, within: worst <= 1e-3 * (1 + scale) };
  });
}

/**
 * Tensors of the page that PyTorch has a reference for; the answers besides, so that there always are some.
 * @param patch undefined for references of a model that has one patch size alone
 */
export function checkable(
  golden: Golden,
  of: Blueprint,
  patch: number | undefined,
  names: readonly string[],
): string[] {
  const fed = fedNames(of);
  const answers = [...familyOf(of.architecture).answers(of.config), 'probs'];
  return golden.names(patch).filter((n) => !fed.includes(n) && (names.includes(n) || answers.includes(n)));
}

/**
 * The patch size to check at: of those with references, the one that has most of the page's tensors, and among equals
 * the wished one. Undefined for a model that has one patch size alone.
 */
export function checkedPatch(
  golden: Golden,
  names: readonly string[],
  wish: number | undefined,
): number | undefined {
  const known = (patch: number) => golden.names(patch).filter((n) => names.includes(n)).length;
  const score = (patch: number) => 2 * known(patch) + (patch === wish ? 1 : 0);
  return [...golden.patches].sort((a, b) => score(b) - score(a))[0];
}

/**
 * Runs the picture that the model's references belong to and compares the tensors named: with PyTorch's numbers, and
 * with the other device's where this browser has both. Slow on purpose of being thorough; nothing is remembered.
 * @param folder address of the model's folder, with a slash at its end
 * @param wish the patch size on the page; see `checkedPatch`
 * @throws Fault those of the downloads and of the runs
 */
export async function checkTrust(
  engine: Engine,
  folder: string,
  names: readonly string[],
  options: { readonly wish?: number | undefined; readonly signal?: AbortSignal } = {},
): Promise<TrustReport> {
  const { wish, signal } = options;
  const config = await fetchConfig(folder);
  const golden = new Golden(await bytesOf(`${folder}golden.safetensors`, signal));
  const patch = checkedPatch(golden, names, wish ?? variantOf(config).patch);
  const request: RunRequest = {
    model: { url: folder, config },
    outputs: checkable(golden, config, patch, names),
    ...checkInputs(golden, config, patch),
  };
  const run = (on: Engine) => on.run(request, { ...(signal && { signal }) });
  const here = await run(engine);
  const reference = here.tensors.flatMap(({ name, data }) => golden.compare(patch, { name, data }) ?? []);
  const between = await otherDevice(here.device, async (other) =>
    compareRuns(here.tensors, (await run(other)).tensors),
  );
  return { device: here.device, patch, reference, between };
}

async function bytesOf(url: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const response = await fetch(url, { ...(signal && { signal }) });
  if (!response.ok) throw new Error(`golden.safetensors: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Does something on the device that is not in use, in a worker of its own; undefined where there is none. */
async function otherDevice<T>(used: Device, work: (engine: Engine) => Promise<T>): Promise<T | undefined> {
  const wanted: Device = used === 'webgpu' ? 'wasm' : 'webgpu';
  if (wanted === 'webgpu' && !(await navigator.gpu?.requestAdapter().catch(() => null))) return undefined;
  const engine = new Engine();
  try {
    await engine.start({ prefer: wanted });
    return engine.status.device === wanted ? await work(engine) : undefined;
  } finally {
    engine.dispose();
  }
}
