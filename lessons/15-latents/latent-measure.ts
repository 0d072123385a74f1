import { statsOf } from '#lib/analysis/stats.ts';

/** Latents of a set of pictures, and how wide they spread. */
export interface SetMeasure {
  /** All of them, one after another. */
  readonly values: Float32Array;
  readonly pictures: number;
  /** Standard deviation of all numbers, and of each channel's. */
  readonly std: number;
  readonly channels: readonly number[];
}

/**
 * Puts together the latents of several passes.
 * @param passes each `[batch, channels, h, w]` flat
 */
export function measure(passes: readonly Float32Array[], channels: number, batch: number): SetMeasure {
  const length = passes.reduce((sum, pass) => sum + pass.length, 0);
  const values = new Float32Array(length);
  let at = 0;
  for (const pass of passes) {
    values.set(pass, at);
    at += pass.length;
  }
  const pictures = passes.length * batch;
  const cells = length / Math.max(1, pictures * channels);
  const ofChannel = (c: number) => values.filter((_, i) => Math.floor(i / cells) % channels === c);
  return {
    values,
    pictures,
    std: statsOf(values).std,
    channels: Array.from({ length: channels }, (_, c) => statsOf(ofChannel(c)).std),
  };
}

/**
 * Share of a noisy state's power that is signal, a² σ² / (a² σ² + b²).
 * @param signal a, the signal's rate at a time
 * @param noise b, the noise's rate
 * @param std σ, the data's standard deviation
 */
export function signalShare(signal: number, noise: number, std: number): number {
  const power = (signal * std) ** 2;
  return power / (power + noise ** 2);
}
