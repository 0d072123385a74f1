import {
  checkPatchConfig,
  checkSincos,
  checkWholePatches,
  flags,
  oneOf,
  whole,
  type PatchConfig,
} from '../shared/patch-config.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { SKIPS, type Skip } from './skips.ts';

export { SKIPS, type Skip };

/** The `config` object of a U-ViT. Sizes are whole numbers from 1 up unless said otherwise. */
export interface UViTConfig extends PatchConfig {
  /** In- and out-blocks together, even: depth/2 in, one in the middle, depth/2 out. */
  readonly depth: number;
  /** Width of the MLP as a multiple of D; their product must be whole. */
  readonly mlpRatio: number;
  /** Classes K; 0: the model has no condition and no label token. */
  readonly classes: number;
  /** The label table has a row more, K, that stands for "no class". */
  readonly nullClass: boolean;
  readonly qkvBias: boolean;
  /** ε of every LayerNorm. */
  readonly normEps: number;
  /** Exact GELU (erf), or its tanh approximation. */
  readonly gelu: 'erf' | 'tanh';
  /** A stored table over all tokens, the fixed 2-D table over patches (the other tokens get 0), or none. */
  readonly positions: 'learned' | 'sincos2d' | 'none';
  /**
   * `concat`: h ← W [h ; s] + b, the paper's choice. `add`: h + s. `project-add`: h + (W s + b).
   * `add-project`: W (h + s) + b. `none`: no long skips.
   */
  readonly skip: Skip;
  /** A 3 × 3 convolution after the tokens are put together to a picture. */
  readonly conv: boolean;
  /** The time token goes through an MLP D → 4D → D with SiLU first. */
  readonly timeMlp: boolean;
  /** Text tokens between time and patches, and their width; default 0 and 768. */
  readonly contextTokens?: number;
  readonly contextDim?: number;
}

/** U-ViT-S/2 for CIFAR-10, with ten classes. */
export const UVIT_DEFAULTS: UViTConfig = {
  image: 32,
  channels: 3,
  patch: 2,
  dim: 512,
  depth: 12,
  heads: 8,
  mlpRatio: 4,
  classes: 10,
  nullClass: true,
  qkvBias: false,
  normEps: 1e-5,
  gelu: 'erf',
  positions: 'learned',
  skip: 'concat',
  conv: true,
  timeMlp: false,
};

/** Sizes that follow from a configuration. */
export interface UViTSizes {
  /** Patches along one side. */
  readonly grid: number;
  /** Patches N = grid². */
  readonly patches: number;
  /** Tokens before the patches: label, time, text. */
  readonly extras: number;
  /** Tokens T = extras + N. */
  readonly tokens: number;
  /** Numbers of one patch, P = channels · patch². */
  readonly patchValues: number;
  readonly headDim: number;
  /** Width of the MLP, M. */
  readonly mlp: number;
  /** n: in-blocks, and as many out-blocks. */
  readonly half: number;
  /** Blocks in all, 2n + 1. */
  readonly blocks: number;
  /** Rows of the label table. */
  readonly labels: number;
}

export function uvitSizes(c: UViTConfig): UViTSizes {
  const grid = Math.floor(c.image / c.patch);
  const extras = 1 + (c.classes > 0 ? 1 : 0) + contextOf(c).tokens;
  return {
    grid,
    patches: grid * grid,
    extras,
    tokens: extras + grid * grid,
    patchValues: c.channels * c.patch * c.patch,
    headDim: c.dim / c.heads,
    mlp: Math.round(c.dim * c.mlpRatio),
    half: c.depth / 2,
    blocks: c.depth + 1,
    labels: c.classes > 0 ? c.classes + (c.nullClass ? 1 : 0) : 0,
  };
}

/** Text tokens of the configuration, with the defaults. */
export function contextOf(c: UViTConfig): { tokens: number; dim: number } {
  return { tokens: c.contextTokens ?? 0, dim: c.contextDim ?? 768 };
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkUVit(c: UViTConfig): void {
  checkPatchConfig(c);
  checkWholePatches(c);
  whole(c, ['classes'], 0);
  flags(c, ['nullClass', 'qkvBias', 'conv', 'timeMlp']);
  oneOf(c, 'gelu', ['erf', 'tanh']);
  oneOf(c, 'positions', ['learned', 'sincos2d', 'none']);
  oneOf(c, 'skip', SKIPS);
  if (c.contextTokens !== undefined) whole(c, ['contextTokens'], 0);
  if (c.contextDim !== undefined) whole(c, ['contextDim'], 1);
  if (c.depth % 2 !== 0) {
    throw new ConfigError('depth', `must be even, half going in and half coming out, not ${c.depth}.`);
  }
  if (c.dim % 2 !== 0) {
    throw new ConfigError('dim', `must be even, half cosines and half sines of the time, not ${c.dim}.`);
  }
  if (c.positions === 'sincos2d') checkSincos('positions', c.dim);
}

/** Fills a partial configuration with the defaults and checks it. */
export function uvitConfig(partial: Partial<UViTConfig>): UViTConfig {
  const c: UViTConfig = { ...UVIT_DEFAULTS, ...partial };
  checkUVit(c);
  return c;
}
