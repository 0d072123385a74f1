import { fromGraph, type Numbers } from '#lib/notebook/numbers.ts';
import { AUTOENCODER_CONFIG, CHANNELS, DENOISER_CONFIG, GRID, LATENTS, SIDE } from './model.ts';
import { paintNumbers } from './paint-numbers.ts';
import { toldNumbers } from './told-numbers.ts';
import { twinNumbers } from './twin-numbers.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** The numbers the prose may name. */
export const numbers: Numbers<LatentsViewModel> = {
  S: () => fromGraph(SIDE, 'H'),
  f: () => fromGraph(AUTOENCODER_CONFIG.factor),
  s: () => fromGraph(GRID, 'H'),
  C: () => fromGraph(CHANNELS, 'C'),
  pixels: () => fromGraph(AUTOENCODER_CONFIG.channels * SIDE * SIDE),
  latents: () => fromGraph(LATENTS),
  N: () => fromGraph(GRID * GRID, 'N'),
  D: () => fromGraph(DENOISER_CONFIG.dim, 'D'),
  ...paintNumbers,
  ...toldNumbers,
  ...twinNumbers,
};
