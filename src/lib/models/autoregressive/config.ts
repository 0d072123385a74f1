import { ConfigError } from '#lib/base/config-error.ts';
import {
  checkEps,
  checkHeads,
  checkMlp,
  flags,
  MOST_TOKENS,
  oneOf,
  whole,
  wholes,
} from '../shared/patch-config.ts';

/**
 * In which order codes are chosen. `raster`: one after another, row by row (Esser et al. 2021; Sun et al. 2024).
 * `masked`: all places at once, in rounds (Chang et al. 2022). `scales`: grids of growing size one after another (Tian et al. 2024).
 */
export const ORDERS = ['raster', 'masked', 'scales'] as const;
export type Order = (typeof ORDERS)[number];

/** The `config` object of a transformer that chooses codes. Sizes are whole numbers from 1 up unless said otherwise. */
export interface AutoregressiveConfig {
  readonly order: Order;
  /** Entries K of the codebook. */
  readonly codes: number;
  /** Sides of the grids of codes: one, or of `scales` several that grow, the first 1. */
  readonly sides: readonly number[];
  /** Width E of a codebook's entry; read by `scales` alone. */
  readonly entryDim: number;
  /** Width D. */
  readonly dim: number;
  readonly depth: number;
  readonly heads: number;
  /** Width of the MLP as a multiple of D; their product must be whole. */
  readonly mlpRatio: number;
  /** Drawing styles; the table has a row more, the last, that stands for "none". */
  readonly classes: number;
  readonly qkvBias: boolean;
  /** ε of every LayerNorm. */
  readonly normEps: number;
  readonly gelu: 'erf' | 'tanh';
  /** Text tokens L before all others, from 0 up, and the width of their features. */
  readonly contextTokens: number;
  readonly contextDim: number;
  /** 1: a step of `raster` with the keys and values of all tokens before it, `past`. */
  readonly cached?: number;
}

/** One code after another, 8 × 8 of 512, told by sixteen text tokens. */
export const AUTOREGRESSIVE_DEFAULTS: AutoregressiveConfig = {
  order: 'raster',
  codes: 512,
  sides: [8],
  entryDim: 8,
  dim: 192,
  depth: 8,
  heads: 3,
  mlpRatio: 4,
  classes: 4,
  qkvBias: false,
  normEps: 1e-5,
  gelu: 'erf',
  contextTokens: 16,
  contextDim: 192,
};

/** Sizes that follow from a configuration. */
export interface AutoregressiveSizes {
  /** Codes N of a picture. */
  readonly count: number;
  /** Code tokens that are fed: the start token stands for the first of them, but where they are masked. */
  readonly fed: number;
  /** Tokens T: text, style, codes. */
  readonly tokens: number;
  /** The token that the first code is read from. */
  readonly first: number;
  /** Rows of the table of codes: one more where there is a mask. */
  readonly rows: number;
  readonly headDim: number;
  /** Width of the MLP, M. */
  readonly mlp: number;
}

export function autoregressiveSizes(c: AutoregressiveConfig): AutoregressiveSizes {
  const count = c.sides.reduce((sum, side) => sum + side * side, 0);
  const masked = c.order === 'masked';
  const fed = masked ? count : count - 1;
  return {
    count,
    fed,
    tokens: c.contextTokens + 1 + fed,
    first: c.contextTokens + (masked ? 1 : 0),
    rows: c.codes + (masked ? 1 : 0),
    headDim: c.dim / c.heads,
    mlp: Math.round(c.dim * c.mlpRatio),
  };
}

/** The scale that each of the N codes belongs to, 0, 1 … */
export function levelsOf({ sides }: AutoregressiveConfig): readonly number[] {
  return sides.flatMap((side, k) => new Array<number>(side * side).fill(k));
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkAutoregressive(c: AutoregressiveConfig): void {
  oneOf(c, 'order', ORDERS);
  oneOf(c, 'gelu', ['erf', 'tanh']);
  oneOf(c, 'cached', [0, 1, undefined]);
  flags(c, ['qkvBias']);
  whole(c, ['codes'], 2);
  whole(c, ['entryDim', 'dim', 'depth', 'heads', 'contextDim'], 1);
  whole(c, ['classes', 'contextTokens'], 0);
  wholes(c, 'sides');
  checkHeads('heads', c.dim, c.heads);
  checkMlp('mlpRatio', c.dim, c.mlpRatio);
  checkEps(c);
  const { sides, order } = c;
  if (order !== 'scales' && sides.length !== 1)
    throw new ConfigError('sides', `must be one grid where the order is ${order}, not ${sides.length}.`);
  if (order === 'scales' && (sides[0] !== 1 || sides.some((side, k) => k > 0 && side <= sides[k - 1]!)))
    throw new ConfigError(
      'sides',
      `must grow from 1, since the first scale is read off one token, not ${sides.join(', ')}.`,
    );
  const { count, tokens } = autoregressiveSizes(c);
  if (count < 2) throw new ConfigError('sides', 'must hold two codes or more.');
  if (tokens > MOST_TOKENS) {
    const number = (n: number): string => n.toLocaleString('en-US');
    throw new ConfigError('sides', `makes ${number(tokens)} tokens; at most ${number(MOST_TOKENS)} can be.`);
  }
  if (c.cached === 1 && order !== 'raster')
    throw new ConfigError(
      'cached',
      `is of the order raster alone; where it is ${order}, many tokens are new in each pass.`,
    );
}

/** Fills a partial configuration with the defaults and checks it. */
export function autoregressiveConfig(partial: Partial<AutoregressiveConfig>): AutoregressiveConfig {
  const c: AutoregressiveConfig = { ...AUTOREGRESSIVE_DEFAULTS, ...partial };
  checkAutoregressive(c);
  return c;
}
