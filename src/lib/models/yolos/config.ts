import { ConfigError } from '#lib/base/config-error.ts';
import {
  checkPatchConfig,
  checkPatches,
  flags,
  MOST_TOKENS,
  oneOf,
  whole,
  type PatchConfig,
} from '../shared/patch-config.ts';
import { gridOf } from '../shared/patches.ts';

/** The `config` object of a YOLOS. Sizes are whole numbers from 1 up unless said otherwise. */
export interface YolosConfig extends PatchConfig {
  /** Height of the picture in pixels. */
  readonly image: number;
  /** Width of the picture in pixels; the same as its height where there is none. */
  readonly imageWidth?: number;
  /** Width of the MLP as a multiple of D; their product must be whole. */
  readonly mlpRatio: number;
  /** Detection tokens Q, each of which answers an object or none. */
  readonly queries: number;
  /** Classes K, without “no object”. */
  readonly classes: number;
  /** A table of positions is added after every block but the last, too. */
  readonly midPositions: boolean;
  /** The qkv projection has a bias. */
  readonly qkvBias: boolean;
  /** ε of every LayerNorm. */
  readonly normEps: number;
  /** Exact GELU (erf), or its tanh approximation. */
  readonly gelu: 'erf' | 'tanh';
}

/** YOLOS-S (Fang et al. 2021, table 1) in the form of the published weights: 512 × 864 pixels, 100 detection tokens. */
export const YOLOS_DEFAULTS: YolosConfig = {
  image: 512,
  channels: 3,
  patch: 16,
  dim: 384,
  depth: 12,
  heads: 6,
  mlpRatio: 4,
  queries: 100,
  classes: 91,
  midPositions: true,
  qkvBias: true,
  normEps: 1e-12,
  gelu: 'erf',
};

/** Sizes that follow from a configuration. */
export interface YolosSizes {
  readonly height: number;
  readonly width: number;
  /** Patches N. */
  readonly patches: number;
  /** Tokens T = 1 + N + Q: CLS, patches, detection tokens. */
  readonly tokens: number;
  /** Width of the MLP, M. */
  readonly mlp: number;
}

export function yolosSizes(c: YolosConfig): YolosSizes {
  const [rows, columns] = gridOf(c);
  const patches = rows * columns;
  return {
    height: c.image,
    width: c.imageWidth ?? c.image,
    patches,
    tokens: 1 + patches + c.queries,
    mlp: Math.round(c.dim * c.mlpRatio),
  };
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkYolos(c: YolosConfig): void {
  checkPatchConfig(c);
  if (c.imageWidth !== undefined) {
    whole(c, ['imageWidth'], 1);
    checkPatches({ ...c, image: c.imageWidth });
  }
  whole(c, ['queries', 'classes'], 1);
  flags(c, ['qkvBias', 'midPositions']);
  oneOf(c, 'gelu', ['erf', 'tanh']);
  const { patches } = yolosSizes(c);
  if (patches > MOST_TOKENS) {
    const count = (n: number): string => n.toLocaleString('en-US');
    throw new ConfigError(
      'imageWidth',
      `makes ${count(patches)} patches; at most ${count(MOST_TOKENS)} can be.`,
    );
  }
}

/** Fills a partial configuration with the defaults (S) and checks it. */
export function yolosConfig(partial: Partial<YolosConfig>): YolosConfig {
  const c: YolosConfig = { ...YOLOS_DEFAULTS, ...partial };
  checkYolos(c);
  return c;
}
