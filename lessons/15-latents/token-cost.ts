import { uvitPresets } from '#lib/models/uvit/presets.ts';
import { uvitCounts } from './large-counts.ts';

/** A way to cut a picture into tokens: in pixels, or in latents of 4 channels at an eighth of its side. */
export interface Cutting {
  readonly space: 'pixels' | 'latents';
  readonly patch: number;
}
/** What such a cutting comes to in U-ViT-L. */
export interface TokenCost extends Cutting {
  /** Sides and channels of what is cut. */
  readonly side: number;
  readonly channels: number;
  readonly tokens: number;
  /** Numbers of one patch. */
  readonly values: number;
  readonly macs: number;
}

/** The autoencoder that U-ViT and DiT stand on: an eighth of the side, four channels. */
const FACTOR = 8;
const LATENT_CHANNELS = 4;
const LARGE = uvitPresets['uvit-l-2-imagenet256']!;

/** The cuttings that are compared, finest patches last. */
export const CUTTINGS: readonly Cutting[] = [
  { space: 'pixels', patch: 16 },
  { space: 'pixels', patch: 8 },
  { space: 'pixels', patch: 4 },
  { space: 'pixels', patch: 2 },
  { space: 'latents', patch: 4 },
  { space: 'latents', patch: 2 },
];

/** Tokens and multiply-adds of U-ViT-L for a square picture of `side` pixels. */
export function tokenCost({ space, patch }: Cutting, side: number): TokenCost {
  const [image, channels] = space === 'pixels' ? [side, 3] : [side / FACTOR, LATENT_CHANNELS];
  const config = { ...LARGE, image, channels, patch };
  const { macs } = uvitCounts(config);
  return {
    space,
    patch,
    side: image,
    channels,
    tokens: (image / patch) ** 2,
    values: patch ** 2 * channels,
    macs,
  };
}
