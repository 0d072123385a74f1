import type { Prediction } from './convert.ts';
import { process as processNamed, type Process, type ProcessName } from './process.ts';
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

/** The process of a diffusion model. */
export const processOf = ({ process, steps }: DiffusionSpec): Process => processNamed(process, steps);

/** Share of a state's power that is noise at time `t` in [0, 1], for data of variance 1: 1 − ᾱ in the processes that preserve variance. */
export const noisePower = (process: Process, t: number): number =>
  process.noiseRate(t) ** 2 / (process.signalRate(t) ** 2 + process.noiseRate(t) ** 2);

/** The process of a diffusion model, and a time of it in [0, 1] with what its network is fed for it. */
export function momentOf(
  spec: DiffusionSpec,
  at: number,
): { readonly process: Process; readonly t: number; readonly fed: number } {
  const process = processOf(spec);
  const t = process.schedule ? Math.max(at, 1 / process.schedule.steps) : at;
  return { process, t, fed: networkTime(spec.time, t, process) };
}
