import type { AutoencoderConfig } from '#lib/models/autoencoder/config.ts';
import { describe } from '#lib/graph/index.ts';
import { graphOf } from '#lib/models/registry.ts';
import { uvitSizes } from '#lib/models/uvit/graph.ts';
import { AUTOENCODER_CONFIG, CHANNELS, DENOISER_CONFIG, SIDE } from './model.ts';

/** Factors that a picture of this lesson may be made smaller by; 1: no autoencoder. */
export const FACTORS = [1, 2, 4, 8, 16] as const;

/** What the denoiser costs in the latents of a factor, a patch being a cell. */
export interface FactorCost {
  readonly factor: number;
  /** Cells a side, and numbers of a cell. */
  readonly side: number;
  readonly channels: number;
  /** Tokens of the sequence: time, style, text, and one for each cell. */
  readonly tokens: number;
  /** Multiply-adds of a forward pass, and how many of them are attention's two products of tokens with tokens. */
  readonly macs: number;
  readonly pairs: number;
}

/** Tensors of the two products that grow with the square of the tokens. */
const PAIRS = /\.attn\.(scores|out)$/;

/** The costs of a factor, from the graph that the denoiser would have. */
export function costAt(factor: number): FactorCost {
  const side = SIDE / factor;
  const channels = factor === 1 ? AUTOENCODER_CONFIG.channels : CHANNELS;
  const config = { ...DENOISER_CONFIG, image: side, channels };
  const { macs, tensors } = describe(graphOf({ architecture: 'uvit', config }));
  const pairs = tensors.reduce((sum, row) => sum + (PAIRS.test(row.name) ? row.macs : 0), 0);
  return { factor, side, channels, tokens: uvitSizes(config).tokens, macs, pairs };
}

/** What a trained autoencoder of ours loses, measured on held-out pictures when it was exported. */
export interface Measured {
  readonly factor: number;
  /** Numbers of a cell. */
  readonly channels: number;
  /** Mean PSNR in dB of signs in a style that was held out, and of held-out photos. */
  readonly signs: number;
  readonly photos: number;
}

interface HeldOut {
  readonly 'psnr-pair'?: number;
  readonly 'psnr-photo'?: number;
}
const measures = import.meta.glob<HeldOut>('/models/kl-f*/metrics.json', { eager: true, import: 'heldOut' });
const configs = import.meta.glob<AutoencoderConfig>('/models/kl-f*/config.json', {
  eager: true,
  import: 'config',
});

/** Those that this copy of the site has, by factor. */
export const MEASURED: readonly Measured[] = Object.entries(measures)
  .flatMap(([path, found]): Measured[] => {
    const config = configs[path.replace('metrics', 'config')];
    const [signs, photos] = [found['psnr-pair'], found['psnr-photo']];
    if (!config || signs === undefined || photos === undefined) return [];
    return [{ factor: config.factor, channels: config.latent, signs, photos }];
  })
  .sort((a, b) => a.factor - b.factor);

/**
 * Published first stages with Gaussian latents, for pictures of 256 pixels.
 * Source: github.com/CompVis/latent-diffusion, README, “Pretrained Autoencoding Models” (Rombach et al. 2022, table 8).
 */
export const PUBLISHED = [
  { factor: 4, channels: 3, psnr: 27.53, fid: 0.27 },
  { factor: 8, channels: 4, psnr: 24.19, fid: 0.9 },
  { factor: 16, channels: 16, psnr: 24.08, fid: 0.87 },
  { factor: 32, channels: 64, psnr: 22.27, fid: 2.04 },
] as const;
