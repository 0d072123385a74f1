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

/** How a block is told time and class (Peebles & Xie 2023, section 3.2). */
export const CONDITIONS = ['adaln-zero', 'adaln', 'cross-attention', 'in-context'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** The `config` object of a DiT. Sizes are whole numbers from 1 up unless said otherwise. */
export interface DiTConfig extends PatchConfig {
  /** Width of the MLP as a multiple of D; their product must be whole. */
  readonly mlpRatio: number;
  /** Classes K; 0: the model knows the time alone. */
  readonly classes: number;
  /** The label table has a row more, K, that stands for "no class". */
  readonly nullClass: boolean;
  readonly qkvBias: boolean;
  /** ε of every LayerNorm. */
  readonly normEps: number;
  /** Exact GELU (erf), or its tanh approximation. */
  readonly gelu: 'erf' | 'tanh';
  /** The fixed 2-D sine and cosine table, or none. */
  readonly positions: 'sincos2d' | 'none';
  /** Width of the time's sinusoid, before the MLP that makes it D; even. */
  readonly timeFrequencies: number;
  /**
   * Frequencies of the sinusoid are 10000^(−i / (F/2 − timeShift)): 0 in the published code, 1 in diffusers, whose last
   * one is 1/10000. Default 0.
   */
  readonly timeShift?: 0 | 1;
  /** The model gives a second picture, v, that interpolates the log variance. */
  readonly learnSigma: boolean;
  /**
   * `adaln-zero`: shift, scale and gate of both branches from time and class. `adaln`: shift and scale alone.
   * `cross-attention`: a layer more, onto [time, class]. `in-context`: both as tokens after the patches.
   */
  readonly condition: Condition;
}

/** DiT-XL/2 on latents of 256 × 256 pictures. */
export const DIT_DEFAULTS: DiTConfig = {
  image: 32,
  channels: 4,
  patch: 2,
  dim: 1152,
  depth: 28,
  heads: 16,
  mlpRatio: 4,
  classes: 1000,
  nullClass: true,
  qkvBias: true,
  normEps: 1e-6,
  gelu: 'tanh',
  positions: 'sincos2d',
  timeFrequencies: 256,
  learnSigma: true,
  condition: 'adaln-zero',
};

/** Sizes that follow from a configuration. */
export interface DiTSizes {
  /** Patches along one side. */
  readonly grid: number;
  /** Patches N = grid². */
  readonly patches: number;
  /** Tokens after the patches: time and class, `in-context` only. */
  readonly extras: number;
  /** Tokens T = N + extras. */
  readonly tokens: number;
  /** Numbers of one patch of the input, P = channels · patch². */
  readonly patchValues: number;
  readonly headDim: number;
  /** Width of the MLP, M. */
  readonly mlp: number;
  /** Rows of the label table. */
  readonly labels: number;
  /** Channels of the output: 2C with a learned variance. */
  readonly outChannels: number;
  /** Vectors of width D that modulate a block: 6, 4 or 0. */
  readonly modulations: number;
}

const MODULATIONS: Readonly<Record<Condition, number>> = {
  'adaln-zero': 6,
  adaln: 4,
  'cross-attention': 0,
  'in-context': 0,
};

export function ditSizes(c: DiTConfig): DiTSizes {
  const grid = Math.floor(c.image / c.patch);
  const extras = c.condition === 'in-context' ? (c.classes > 0 ? 2 : 1) : 0;
  return {
    grid,
    patches: grid * grid,
    extras,
    tokens: grid * grid + extras,
    patchValues: c.channels * c.patch * c.patch,
    headDim: c.dim / c.heads,
    mlp: Math.round(c.dim * c.mlpRatio),
    labels: c.classes > 0 ? c.classes + (c.nullClass ? 1 : 0) : 0,
    outChannels: c.channels * (c.learnSigma ? 2 : 1),
    modulations: MODULATIONS[c.condition],
  };
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkDit(c: DiTConfig): void {
  checkPatchConfig(c);
  checkWholePatches(c);
  whole(c, ['classes'], 0);
  whole(c, ['timeFrequencies'], c.timeShift ? 4 : 2);
  flags(c, ['nullClass', 'qkvBias', 'learnSigma']);
  oneOf(c, 'gelu', ['erf', 'tanh']);
  oneOf(c, 'positions', ['sincos2d', 'none']);
  oneOf(c, 'condition', CONDITIONS);
  oneOf(c, 'timeShift', [0, 1, undefined]);
  if (c.timeFrequencies % 2 !== 0) {
    throw new ConfigError(
      'timeFrequencies',
      `must be even, half cosines and half sines of the time, not ${c.timeFrequencies}.`,
    );
  }
  if (c.positions === 'sincos2d') checkSincos('positions', c.dim);
}

/** Fills a partial configuration with the defaults and checks it. */
export function ditConfig(partial: Partial<DiTConfig>): DiTConfig {
  const c: DiTConfig = { ...DIT_DEFAULTS, ...partial };
  checkDit(c);
  return c;
}
