import type { Prediction } from './convert.ts';
import { process as processOf, type Process, type ProcessName } from './process.ts';
import { networkTime, type TimeConvention } from './timesteps.ts';

/** How a diffusion model was trained: the section `diffusion` of a model's config.json. */
export interface DiffusionSpec {
  readonly process: ProcessName;
  /** T of the discrete processes; the continuous ones have none. */
  readonly steps?: number;
  readonly prediction: Prediction;
  /** What the network is fed as its time. */
  readonly time: TimeConvention;
}

/** The process of a diffusion model, and a time of it in [0, 1] with what its network is fed for it. */
export function momentOf(
  spec: DiffusionSpec,
  at: number,
): { readonly process: Process; readonly t: number; readonly fed: number } {
  const process = processOf(spec.process, spec.steps);
  const t = process.schedule ? Math.max(at, 1 / process.schedule.steps) : at;
  return { process, t, fed: networkTime(spec.time, t, process) };
}
