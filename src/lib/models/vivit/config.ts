import { ConfigError } from '#lib/base/config-error.ts';
import {
  checkPatchConfig,
  checkWholePatches,
  flags,
  MOST_TOKENS,
  oneOf,
  whole,
  type PatchConfig,
} from '../shared/patch-config.ts';

/** The four forms of attention over space and time, models 1 to 4 of the paper (section 3.3). */
export const FORMS = [
  'joint',
  'factorised-encoder',
  'factorised-self-attention',
  'factorised-dot-product',
] as const;
export type Form = (typeof FORMS)[number];

/** The `config` object of a video transformer. Sizes are whole numbers from 1 up unless said otherwise. */
export interface VivitConfig extends PatchConfig {
  /** Frames F of a clip. */
  readonly frames: number;
  /** Frames of a tubelet, which divide those of the clip. */
  readonly tubelet: number;
  /** Side of the square frames in pixels, which patches fill. */
  readonly image: number;
  /** Blocks over time after those over space, for the form `factorised-encoder` alone. */
  readonly temporalDepth: number;
  /** Width of the MLP as a multiple of D; their product must be whole. */
  readonly mlpRatio: number;
  readonly classes: number;
  /** Who looks at whom. */
  readonly attention: Form;
  /** The qkv projection has a bias. */
  readonly qkvBias: boolean;
  /** ε of every LayerNorm. */
  readonly normEps: number;
  /** Exact GELU (erf), or its tanh approximation. */
  readonly gelu: 'erf' | 'tanh';
}

/** ViViT-B/16×2 of the joint form (Arnab et al. 2021, section 4.1): 32 frames of 224 pixels, Kinetics' 400 classes. */
export const VIVIT_DEFAULTS: VivitConfig = {
  frames: 32,
  image: 224,
  channels: 3,
  tubelet: 2,
  patch: 16,
  dim: 768,
  depth: 12,
  temporalDepth: 4,
  heads: 12,
  mlpRatio: 4,
  classes: 400,
  attention: 'joint',
  qkvBias: true,
  normEps: 1e-6,
  gelu: 'erf',
};

/** Sizes that follow from a configuration. */
export interface VivitSizes {
  /** Tubelets behind one another, the paper's n_t. */
  readonly times: number;
  /** Patches along a side of a frame. */
  readonly grid: number;
  /** Patches of a frame, the paper's n_h · n_w. */
  readonly places: number;
  /** Tubelets N = times · places. */
  readonly tubelets: number;
  /** Numbers of one tubelet, P = channels · tubelet · patch². */
  readonly tubeletValues: number;
  /** Width of the MLP, M. */
  readonly mlp: number;
}

export function vivitSizes(c: VivitConfig): VivitSizes {
  const times = c.frames / c.tubelet;
  const grid = c.image / c.patch;
  return {
    times,
    grid,
    places: grid * grid,
    tubelets: times * grid * grid,
    tubeletValues: c.channels * c.tubelet * c.patch * c.patch,
    mlp: Math.round(c.dim * c.mlpRatio),
  };
}

/** Whether the tokens begin with a CLS token: the forms that order tokens by place as well as by time have none. */
export function hasCls({ attention }: Pick<VivitConfig, 'attention'>): boolean {
  return attention === 'joint' || attention === 'factorised-encoder';
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkVivit(c: VivitConfig): void {
  checkPatchConfig(c);
  checkWholePatches(c);
  whole(c, ['frames', 'tubelet', 'temporalDepth', 'classes'], 1);
  oneOf(c, 'attention', FORMS);
  oneOf(c, 'gelu', ['erf', 'tanh']);
  flags(c, ['qkvBias']);
  if (c.frames % c.tubelet !== 0) {
    throw new ConfigError('tubelet', `tubelets of ${c.tubelet} frames do not fill a clip of ${c.frames}.`);
  }
  if (c.attention === 'factorised-dot-product' && c.heads % 2 !== 0) {
    throw new ConfigError('heads', `must be even, half for space and half for time, not ${c.heads}.`);
  }
  const { tubelets } = vivitSizes(c);
  if (tubelets > MOST_TOKENS) {
    const count = (n: number): string => n.toLocaleString('en-US');
    throw new ConfigError(
      'frames',
      `makes ${count(tubelets)} patches; at most ${count(MOST_TOKENS)} can be.`,
    );
  }
}

/** Fills a partial configuration with the defaults (B/16×2, joint) and checks it. */
export function vivitConfig(partial: Partial<VivitConfig>): VivitConfig {
  const c: VivitConfig = { ...VIVIT_DEFAULTS, ...partial };
  checkVivit(c);
  return c;
}
