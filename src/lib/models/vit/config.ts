import { checkPatchConfig, checkSincos, flags, oneOf, whole } from '../shared/patch-config.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { hasClassToken, prefixOf, type StemConfig } from '../shared/stem-config.ts';

/** The `config` object of a model's config.json. Sizes are whole numbers from 1 up unless said otherwise. */
export interface ViTConfig extends StemConfig {
  /** Width D, divisible by `heads`. */
  readonly dim: number;
  /** Blocks. */
  readonly depth: number;
  readonly heads: number;
  /** Width of the MLP as a multiple of D; their product must be whole. */
  readonly mlpRatio: number;
  /** Classes; 0 leaves the head out. */
  readonly classes: number;
  /** The qkv projection has a bias. */
  readonly qkvBias: boolean;
  /** What the head reads: the CLS token (there must be one) after `norm`, or the mean of the patch tokens and `fc_norm`. */
  readonly pool: 'cls' | 'gap';
  /** Exact GELU (erf), or its tanh approximation. */
  readonly gelu: 'erf' | 'tanh';
  /** Learned factors `ls1.gamma`, `ls2.gamma` on both branches of a block. */
  readonly layerScale: boolean;
}

/** The original ViT (Dosovitskiy et al. 2021) in timm's form; B/16 at 224 with 1000 classes. */
export const VIT_DEFAULTS: ViTConfig = {
  image: 224,
  channels: 3,
  patch: 16,
  dim: 768,
  depth: 12,
  heads: 12,
  mlpRatio: 4,
  classes: 1000,
  qkvBias: true,
  pool: 'cls',
  normEps: 1e-6,
  gelu: 'erf',
  positions: 'learned',
  clsPosition: true,
  preNorm: false,
  registers: 0,
  layerScale: false,
};

/** Sizes that follow from a configuration. */
export interface ViTSizes {
  /** Patches along one side. */
  readonly grid: number;
  /** Patches N = grid². */
  readonly patches: number;
  /** Tokens that are no patches: CLS and registers. */
  readonly prefix: number;
  /** Tokens T = N + prefix. */
  readonly tokens: number;
  /** Numbers of one patch, P = channels · patch². */
  readonly patchValues: number;
  /** Width of a head, d = D / heads. */
  readonly headDim: number;
  /** Width of the MLP, M. */
  readonly mlp: number;
  /** Pixels of a side that patches cover; the rest is dropped. */
  readonly used: number;
}

export function vitSizes(c: ViTConfig): ViTSizes {
  const grid = Math.floor(c.image / c.patch);
  const prefix = prefixOf(c);
  return {
    grid,
    patches: grid * grid,
    prefix,
    tokens: grid * grid + prefix,
    patchValues: c.channels * c.patch * c.patch,
    headDim: c.dim / c.heads,
    mlp: Math.round(c.dim * c.mlpRatio),
    used: grid * c.patch,
  };
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkVit(c: ViTConfig): void {
  checkPatchConfig(c);
  whole(c, ['classes', 'registers'], 0);
  oneOf(c, 'pool', ['cls', 'gap']);
  oneOf(c, 'gelu', ['erf', 'tanh']);
  oneOf(c, 'positions', ['learned', 'sincos2d', 'none']);
  flags(c, ['qkvBias', 'clsPosition', 'preNorm', 'layerScale']);
  for (const field of ['classToken', 'patchBias'] as const) oneOf(c, field, [true, false, undefined]);
  if (c.positions === 'sincos2d') checkSincos('positions', c.dim);
  if (c.pool === 'cls' && !hasClassToken(c)) {
    throw new ConfigError('pool', 'cls needs a CLS token; set classToken to true or pool to gap.');
  }
}

/** Fills a partial configuration with the defaults (B/16) and checks it. */
export function vitConfig(partial: Partial<ViTConfig>): ViTConfig {
  const c: ViTConfig = { ...VIT_DEFAULTS, ...partial };
  checkVit(c);
  return c;
}
