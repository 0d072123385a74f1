import type { Text } from '#lib/base/lang.ts';
import { FAMILY as AUTOENCODER } from '#lib/models/autoencoder/family.ts';
import type { AutoencoderConfig } from '#lib/models/autoencoder/config.ts';
import { FAMILY as CLIP } from '#lib/models/clip/family.ts';
import type { CLIPConfig } from '#lib/models/clip/graph.ts';
import { graphOf, know } from '#lib/models/registry.ts';
import type { UNetConfig } from '#lib/models/unet/config.ts';
import { FAMILY as UNET } from '#lib/models/unet/family.ts';
import type { UViTConfig } from '#lib/models/uvit/config.ts';
import { FAMILY as UVIT } from '#lib/models/uvit/family.ts';
import { STYLES } from '#lib/notebook/painting/styles.ts';
import type { NetName } from './names.ts';

for (const family of [AUTOENCODER, CLIP, UVIT, UNET]) know(family);

/** Folders under `models/` that the lesson runs. */
export const MODELS = {
  autoencoder: 'kl-f8',
  text: 'clip',
  denoiser: 'uvit-words',
  twin: 'unet-words',
} as const satisfies Readonly<Record<NetName, string>>;

const autoencoders = import.meta.glob<AutoencoderConfig>('/models/kl-f8/config.json', {
  eager: true,
  query: '?part',
  import: 'config',
});
const towers = import.meta.glob<CLIPConfig>('/models/clip/config.json', {
  eager: true,
  query: '?part',
  import: 'config',
});
const denoisers = import.meta.glob<UViTConfig>('/models/uvit-words/config.json', {
  eager: true,
  query: '?part',
  import: 'config',
});
const twins = import.meta.glob<UNetConfig>('/models/unet-words/config.json', {
  eager: true,
  query: '?part',
  import: 'config',
});
const only = <T>(found: Readonly<Record<string, T>>): T | undefined => Object.values(found)[0];

/** The sizes of training/configs/kl-f8-cpu.toml, for a copy of the site without the weights. */
const AUTOENCODER_SIZES: AutoencoderConfig = {
  image: 64,
  channels: 3,
  factor: 8,
  width: 16,
  multiples: [1, 2, 4, 6],
  resBlocks: 1,
  latent: 4,
  groups: 8,
  attention: 'mid',
  scalingFactor: 1,
};
/** The sizes of training/configs/uvit-words-cpu.toml. */
const DENOISER_SIZES: UViTConfig = {
  image: 8,
  channels: 4,
  patch: 1,
  dim: 192,
  depth: 8,
  heads: 3,
  mlpRatio: 4,
  classes: STYLES.length,
  nullClass: true,
  qkvBias: false,
  normEps: 1e-5,
  gelu: 'erf',
  positions: 'learned',
  skip: 'concat',
  conv: true,
  timeMlp: false,
  contextTokens: 16,
  contextDim: 192,
};
/** The sizes of training/configs/unet-words-cpu.toml: shapes and costs need no weights. */
const TWIN_SIZES: UNetConfig = {
  image: 8,
  channels: 4,
  width: 120,
  multipliers: [1, 2],
  blocks: 2,
  attention: [8, 4],
  groups: 8,
  normEps: 1e-6,
  classes: STYLES.length,
  nullClass: true,
  scaleShift: true,
  heads: 4,
  contextTokens: 16,
  contextDim: 192,
};

/** 64 × 64 × 3 pixels to 8 × 8 × 4 numbers and back. */
export const AUTOENCODER_CONFIG = only(autoencoders) ?? AUTOENCODER_SIZES;
export const TEXT_CONFIG = only(towers)!;
export const DENOISER_CONFIG = only(denoisers) ?? DENOISER_SIZES;
export const TWIN_CONFIG = only(twins) ?? TWIN_SIZES;
/** Whether this copy of the site has the U-Net's weights. Without them it has shapes and costs, and is not run. */
export const HAS_TWIN = only(twins) !== undefined;

/** Graphs of one picture or one text: shapes, docs and costs are there before any weights. */
export const GRAPHS = {
  autoencoder: graphOf({ architecture: AUTOENCODER.id, config: AUTOENCODER_CONFIG }),
  text: graphOf({ architecture: CLIP.id, config: TEXT_CONFIG }),
  denoiser: graphOf({ architecture: UVIT.id, config: DENOISER_CONFIG }),
  twin: graphOf({ architecture: UNET.id, config: TWIN_CONFIG }),
} as const;

/** Pixels a side of a picture, cells a side of its latents, their channels. */
export const SIDE = AUTOENCODER_CONFIG.image;
export const GRID = SIDE / AUTOENCODER_CONFIG.factor;
export const CHANNELS = AUTOENCODER_CONFIG.latent;
/** Numbers of one picture's latents, C · s · s. */
export const LATENTS = CHANNELS * GRID * GRID;
/** Numbers of one picture, 3 · S · S. */
export const PIXELS = AUTOENCODER_CONFIG.channels * SIDE * SIDE;

/** What the networks are called beside the strip. */
export const NET_TITLES: Readonly<Record<NetName, Text>> = {
  autoencoder: { en: 'autoencoder', zh: '自编码器' },
  text: { en: 'text tower', zh: '文本塔' },
  denoiser: { en: 'U-ViT', zh: 'U-ViT' },
  twin: { en: 'U-Net', zh: 'U-Net' },
};
