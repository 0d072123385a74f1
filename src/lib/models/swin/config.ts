import { ConfigError } from '#lib/base/config-error.ts';
import {
  checkEps,
  checkHeads,
  checkMlp,
  checkPatches,
  checkSincos,
  flags,
  oneOf,
  whole,
  wholes,
} from '../shared/patch-config.ts';

/** Whom a token looks at, and how. */
export const ATTENTIONS = ['global', 'window', 'shifted-window', 'linear', 'multi-scale-linear'] as const;
export type Attention = (typeof ATTENTIONS)[number];

/** The `config` object of a hierarchical transformer. Sizes are whole numbers from 1 up unless said otherwise. */
export interface SwinConfig {
  /** Side of the square picture in pixels: what windows and merged patches fill in every stage. */
  readonly image: number;
  readonly channels: number;
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Width D of the first stage; each stage has twice that of the one before, divisible by its heads. */
  readonly dim: number;
  /** Blocks of each stage, one stage or more. */
  readonly depths: readonly number[];
  /** Heads of each stage. */
  readonly heads: readonly number[];
  /** Side M of a window in tokens; for the two kinds with windows. */
  readonly window: number;
  readonly attention: Attention;
  /** A learned bias on the scores by the offset of two tokens of a window; for the two kinds with windows. */
  readonly relativeBias: boolean;
  /** Fixed 2-D sines and cosines on the patch embeddings, or none. */
  readonly positions: 'none' | 'sincos2d';
  /** `depthwise`: between the two linear layers every channel is convolved for itself, 3 × 3. */
  readonly mlp: 'plain' | 'depthwise';
  /** Width of the MLP as a multiple of the stage's; the product must be whole. */
  readonly mlpRatio: number;
  readonly classes: number;
  readonly qkvBias: boolean;
  /** ε of every LayerNorm. */
  readonly normEps: number;
  /** Exact GELU (erf), or its tanh approximation. */
  readonly gelu: 'erf' | 'tanh';
  /**
   * Windows of each stage that are computed, 1 up to all of them; which ones is an input. The others pass its blocks
   * unchanged and cost nothing. For the two kinds with windows and a plain MLP. Absent: all.
   */
  readonly kept?: readonly number[];
}

/** Swin-T (Liu et al. 2021, section 3.3) at 224 pixels with 1000 classes. */
export const SWIN_DEFAULTS: SwinConfig = {
  image: 224,
  channels: 3,
  patch: 4,
  dim: 96,
  depths: [2, 2, 6, 2],
  heads: [3, 6, 12, 24],
  window: 7,
  attention: 'shifted-window',
  relativeBias: true,
  positions: 'none',
  mlp: 'plain',
  mlpRatio: 4,
  classes: 1000,
  qkvBias: true,
  normEps: 1e-5,
  gelu: 'erf',
};

/** Sizes of one stage. */
export interface Stage {
  readonly dim: number;
  readonly depth: number;
  readonly heads: number;
  /** Tokens along one side, and N = grid². */
  readonly grid: number;
  readonly tokens: number;
  /** Side M of a window in tokens, and windows along one side; without windows, one as large as the grid. */
  readonly window: number;
  readonly windows: number;
  /** Tokens by which every second block shifts its windows; 0: none does. */
  readonly shift: number;
  /** Width of the MLP. */
  readonly mlp: number;
  /** Windows that are computed where those are not all of them. */
  readonly kept: number | undefined;
}

/** Whether attention is confined to windows. */
export function hasWindows({ attention }: Pick<SwinConfig, 'attention'>): boolean {
  return attention === 'window' || attention === 'shifted-window';
}

/** Whether attention goes without the softmax. */
export function isLinear({ attention }: Pick<SwinConfig, 'attention'>): boolean {
  return attention === 'linear' || attention === 'multi-scale-linear';
}

/** Whether a bias by offset is added to the scores. */
export function hasBias(c: SwinConfig): boolean {
  return c.relativeBias && hasWindows(c);
}

/** The stages, from the finest grid to the coarsest. A kind without windows has one, as large as the grid. */
export function stagesOf(c: SwinConfig): readonly Stage[] {
  return c.depths.map((depth, s) => {
    const grid = c.image / c.patch / 2 ** s;
    const dim = c.dim * 2 ** s;
    const window = hasWindows(c) ? Math.min(c.window, grid) : grid;
    const moves = c.attention === 'shifted-window' && depth > 1 && grid > window;
    return {
      dim,
      depth,
      heads: c.heads[s] ?? 1,
      grid,
      tokens: grid * grid,
      window,
      windows: grid / window,
      shift: moves ? Math.floor(window / 2) : 0,
      mlp: Math.round(dim * c.mlpRatio),
      kept: c.kept?.[s] === (grid / window) ** 2 ? undefined : c.kept?.[s],
    };
  });
}

/** Whether block `b` of a stage looks through shifted windows. */
export function isShifted({ shift }: Stage, b: number): boolean {
  return shift > 0 && b % 2 === 1;
}

/** The side of which a picture must be a multiple, in pixels. */
export function stepOf(c: Pick<SwinConfig, 'patch' | 'depths' | 'window' | 'attention'>): number {
  return c.patch * 2 ** (c.depths.length - 1) * (hasWindows(c) ? c.window : 1);
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkSwin(c: SwinConfig): void {
  checkPatches(c);
  whole(c, ['dim', 'window', 'classes'], 1);
  wholes(c, 'depths');
  wholes(c, 'heads');
  oneOf(c, 'attention', ATTENTIONS);
  oneOf(c, 'positions', ['none', 'sincos2d']);
  oneOf(c, 'mlp', ['plain', 'depthwise']);
  oneOf(c, 'gelu', ['erf', 'tanh']);
  flags(c, ['relativeBias', 'qkvBias']);
  if (c.heads.length !== c.depths.length) {
    const rule = `must have one number for each of the ${c.depths.length} stages, not ${c.heads.length}.`;
    throw new ConfigError('heads', rule);
  }
  c.heads.forEach((heads, s) => checkHeads('heads', c.dim * 2 ** s, heads));
  checkMlp('mlpRatio', c.dim, c.mlpRatio);
  checkEps(c);
  if (c.positions === 'sincos2d') checkSincos('positions', c.dim);
  checkStages(c);
}

/** The stages fit the picture, and what is kept of them can be. */
function checkStages(c: SwinConfig): void {
  const step = stepOf(c);
  if (c.image % step !== 0) {
    const what = hasWindows(c) ? 'windows fill' : 'patches merge in';
    const rule = `must be a multiple of ${step} pixels, so that ${what} every stage, not ${c.image}.`;
    throw new ConfigError('image', rule);
  }
  if (c.kept === undefined) return;
  wholes(c, 'kept');
  if (c.kept.length !== c.depths.length) {
    const rule = `must have one number for each of the ${c.depths.length} stages, not ${c.kept.length}.`;
    throw new ConfigError('kept', rule);
  }
  if (!hasWindows(c) || c.mlp !== 'plain') {
    throw new ConfigError('kept', 'needs windows, and an MLP that looks at no neighbours.');
  }
  stagesOf(c).forEach(({ windows }, s) => {
    const [kept, all] = [c.kept?.[s] ?? 0, windows ** 2];
    if (kept > all) throw new ConfigError('kept', `stage ${s} has ${all} windows, fewer than ${kept}.`);
  });
}

/** Fills a partial configuration with the defaults (Swin-T) and checks it. */
export function swinConfig(partial: Partial<SwinConfig>): SwinConfig {
  const c: SwinConfig = { ...SWIN_DEFAULTS, ...partial };
  checkSwin(c);
  return c;
}
