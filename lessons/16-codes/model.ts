import type { Text } from '#lib/base/lang.ts';
import { AUTOREGRESSIVE_DEFAULTS, type AutoregressiveConfig } from '#lib/models/autoregressive/config.ts';
import { FAMILY as AUTOREGRESSIVE } from '#lib/models/autoregressive/family.ts';
import { FAMILY as CLIP } from '#lib/models/clip/family.ts';
import type { CLIPConfig } from '#lib/models/clip/graph.ts';
import { graphOf, know } from '#lib/models/registry.ts';
import { RESIDUAL_MLP_DEFAULTS, type ResidualMlpConfig } from '#lib/models/residual-mlp/config.ts';
import { FAMILY as RESIDUAL } from '#lib/models/residual-mlp/family.ts';
import type { VqConfig } from '#lib/models/vq/config.ts';
import { FAMILY as VQ } from '#lib/models/vq/family.ts';
import type { NetName, OrderName } from './names.ts';

for (const family of [VQ, CLIP, AUTOREGRESSIVE, RESIDUAL]) know(family);

/** Folders under `models/` that the lesson runs. */
export const MODELS = {
  vq: 'vq-f8',
  var: 'var-f8',
  text: 'clip',
  raster: 'raster-words',
  masked: 'masked-words',
  scales: 'scales-words',
  hart: 'hart-words',
} as const satisfies Readonly<Record<NetName, string>>;

const tokenizers = import.meta.glob<VqConfig>('/models/{vq-f8,var-f8}/config.json', {
  eager: true,
  query: '?part',
  import: 'config',
});
const towers = import.meta.glob<CLIPConfig>('/models/clip/config.json', {
  eager: true,
  query: '?part',
  import: 'config',
});

/** The sizes of training/configs/vq-f8-cpu.toml, for a copy of the site without the weights. */
const VQ_SIZES: VqConfig = {
  image: 64,
  channels: 3,
  factor: 8,
  width: 16,
  multiples: [1, 2, 4, 6],
  resBlocks: 1,
  latent: 8,
  groups: 8,
  attention: 'mid',
  codes: 512,
  scales: [],
  phis: 1,
  phiShare: 0.5,
  quantKernel: 1,
};
/** The grids of training/configs/var-f8-cpu.toml. */
const SIDES = [1, 2, 3, 4, 6, 8] as const;

/** 64 × 64 × 3 pixels to 8 × 8 codes of 512 and back; the same on six grids. */
export const VQ_CONFIG = tokenizers['/models/vq-f8/config.json'] ?? VQ_SIZES;
export const VAR_CONFIG: VqConfig = tokenizers['/models/var-f8/config.json'] ?? {
  ...VQ_SIZES,
  scales: SIDES,
  phis: 4,
  quantKernel: 3,
};
/** The networks that choose codes have the sizes of training/configs/*-words-cpu.toml, and no weight changes them. */
export const CHOOSER_CONFIGS: Readonly<Record<OrderName, AutoregressiveConfig>> = {
  raster: AUTOREGRESSIVE_DEFAULTS,
  masked: { ...AUTOREGRESSIVE_DEFAULTS, order: 'masked' },
  scales: { ...AUTOREGRESSIVE_DEFAULTS, order: 'scales', sides: SIDES },
};
export const HART_CONFIG: ResidualMlpConfig = RESIDUAL_MLP_DEFAULTS;
export const TEXT_CONFIG = Object.values(towers)[0]!;

/** Graphs of one picture or one text: shapes, docs and costs are there before any weights. */
export const GRAPHS = {
  vq: graphOf({ architecture: VQ.id, config: VQ_CONFIG }),
  var: graphOf({ architecture: VQ.id, config: VAR_CONFIG }),
  text: graphOf({ architecture: CLIP.id, config: TEXT_CONFIG }),
  raster: graphOf({ architecture: AUTOREGRESSIVE.id, config: CHOOSER_CONFIGS.raster }),
  masked: graphOf({ architecture: AUTOREGRESSIVE.id, config: CHOOSER_CONFIGS.masked }),
  scales: graphOf({ architecture: AUTOREGRESSIVE.id, config: CHOOSER_CONFIGS.scales }),
  hart: graphOf({ architecture: RESIDUAL.id, config: HART_CONFIG }),
} as const;

/** Pixels a side of a picture, places a side of its codes, places in all. */
export const SIDE = VQ_CONFIG.image;
export const GRID = SIDE / VQ_CONFIG.factor;
export const PLACES = GRID * GRID;
/** Entries of the codebook, and numbers of each. */
export const CODES = VQ_CONFIG.codes;
export const WIDTH = VQ_CONFIG.latent;
/** Sides of the grids of the tokenizer with several scales. */
export const SCALES = VAR_CONFIG.scales;
/** Text tokens that the choosers are told. */
export const TOLD = AUTOREGRESSIVE_DEFAULTS.contextTokens;

/** What the networks are called beside the strip. */
export const NET_TITLES: Readonly<Record<NetName, Text>> = {
  vq: { en: 'VQ, one grid', zh: '单网格 VQ' },
  var: { en: 'VQ, six scales', zh: '六尺度 VQ' },
  text: { en: 'text tower', zh: '文本塔' },
  raster: { en: 'raster', zh: '逐个生成' },
  masked: { en: 'masked', zh: '分轮生成' },
  scales: { en: 'scales', zh: '逐尺度生成' },
  hart: { en: 'residual', zh: '残余网络' },
};
