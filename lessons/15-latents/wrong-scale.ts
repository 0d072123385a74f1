import { split } from '#lib/diffusion/math/convert.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import type { Process } from '#lib/diffusion/math/process.ts';
import { networkTime } from '#lib/diffusion/math/timesteps.ts';
import { PREDICTION } from '#lib/diffusion/sampler/spec.ts';
import type { TextContext } from '#lib/diffusion/sampler/spec.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { classesOf } from '#lib/models/registry.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import { rms } from '#lib/analysis/rms.ts';
import { noised } from './break-math.ts';

/** Latents that were painted, in the denoiser's scale, and the time that they are brought to. */
export interface WronglyScaled {
  /** One over the deviation of the autoencoder's latents, and the factor that is taken in its place; 1: none. */
  readonly scale: number;
  readonly factor: number;
  /** The last step of a painting, and the one at whose time noise is added. */
  readonly last: { readonly x: Float32Array; readonly context: TextContext };
  readonly step: { readonly from: number };
  readonly process: Process;
  readonly model: DiffusionModel;
  readonly style: number | null;
  readonly seed: number;
}

/** Twice the same, first with the right factor and then with the other. */
export interface Cleaned {
  /** The latents that were taken for data. */
  readonly data: readonly [Float32Array, Float32Array];
  /** Share of the state's power that is signal, 0 … 1. */
  readonly shares: readonly [number, number];
  /** What the network takes for clean, in the scale that a decoder is fed. */
  readonly decoded: readonly [Float32Array, Float32Array];
}

/** Share of the power of α z + σ ε that is of z. */
export function signalShare(z: ArrayLike<number>, process: Process, t: number): number {
  const signal = (process.signalRate(t) * rms(z)) ** 2;
  return signal / (signal + process.noiseRate(t) ** 2);
}

/**
 * Painted latents are noised and cleaned once: times a factor before, divided by it after. The words are told; nothing is
 * guided.
 * @throws Fault those of a run
 */
export async function scaledWrongly(
  denoiser: LiveModel,
  of: WronglyScaled,
  signal: AbortSignal,
): Promise<Cleaned> {
  const { scale, factor, last, process, model, style, step } = of;
  const t = step.from;
  const data = [last.x, last.x.map((v) => (v / scale) * factor)] as const;
  const eps = startNoise(of.seed, 1, last.x.length);
  const states = data.map((z) => noised(z, eps, process, t));
  const { count: classes } = classesOf(model);
  const answers: Float32Array[] = [];
  for (const x of states) {
    const inputs = {
      x,
      t: Float32Array.of(networkTime(model.diffusion.time, t, process)),
      y: Float32Array.of(style ?? classes),
      context: last.context.told,
    };
    const { tensors } = await denoiser.pass({ inputs, outputs: [PREDICTION] }, { signal });
    const [said] = tensors;
    if (!said) throw new RangeError('The network gave no prediction.');
    answers.push(split(model.diffusion.prediction, process, t, x, said.data).x0);
  }
  const [right, wrong] = answers as [Float32Array, Float32Array];
  return {
    data,
    shares: [signalShare(data[0], process, t), signalShare(data[1], process, t)],
    decoded: [right.map((v) => v / scale), wrong.map((v) => v / factor)],
  };
}
