import { formatCount, formatFixed, formatShort } from '#lib/base/format.ts';
import { fromConfig, fromGraph, type Numbers } from '#lib/notebook/numbers.ts';
import { costAt, MEASURED } from './factors.ts';
import { AUTOENCODER_CONFIG, CHANNELS, DENOISER_CONFIG, GRID, LATENTS, SIDE } from './model.ts';
import { paintNumbers } from './paint-numbers.ts';
import { toldNumbers } from './told-numbers.ts';
import { twinNumbers } from './twin-numbers.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** The measured PSNR of this lesson's autoencoder; undefined in a copy of the site without it. */
function psnrOf(of: string): string | undefined {
  const found = MEASURED.find(({ factor }) => factor === AUTOENCODER_CONFIG.factor);
  return found && `${formatFixed(of === 'signs' ? found.signs : found.photos, 1)} dB`;
}

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
  tokensAt: (_, factor) => fromGraph(formatCount(costAt(Number(factor)).tokens)),
  macsAt: (_, factor) => fromGraph(formatShort(costAt(Number(factor)).macs)),
  psnr: (_, of) => fromConfig(psnrOf(of)),
  scaling: (vm) => {
    const factor = vm.scalingFactor;
    return fromConfig(factor === undefined ? undefined : formatFixed(factor, 3));
  },
  ...paintNumbers,
  ...toldNumbers,
  ...twinNumbers,
};
