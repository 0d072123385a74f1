import { ConfigError } from '#lib/base/config-error.ts';
import { MOST_TOKENS, oneOf, whole } from '../shared/patch-config.ts';

/**
 * Ways in which tokens look at one another. `global`: every token at every other, by softmax. `window`: within squares of the grid.
 * `shifted-window`: within squares of the grid rolled by half a square, tokens that the roll brought together kept apart
 * (Liu et al. 2021). `linear`: ReLU in place of softmax, keys and values first (Katharopoulos et al. 2020; Cai et al.
 * 2023). `linear-quadratic`: the same numbers with queries and keys first.
 */
export const KINDS = ['global', 'window', 'shifted-window', 'linear', 'linear-quadratic'] as const;
export type Kind = (typeof KINDS)[number];

/** The `config` object of one attention without weights. */
export interface AttentionConfig {
  /** Side of the square grid of tokens; N = grid². */
  readonly grid: number;
  readonly heads: number;
  /** Width d of a head. */
  readonly headDim: number;
  readonly kind: Kind;
  /** Side M of a window in tokens; read by the two kinds with windows alone. */
  readonly window: number;
}

/** A ViT-Ti at patches of 8 pixels: 28 × 28 tokens, three heads of 64. */
export const ATTENTION_DEFAULTS: AttentionConfig = {
  grid: 28,
  heads: 3,
  headDim: 64,
  kind: 'global',
  window: 7,
};

/** Whether a kind cuts the grid into windows. */
export const isWindowed = (kind: Kind): boolean => kind === 'window' || kind === 'shifted-window';

/** What follows from the configuration. */
export interface AttentionSizes {
  /** N. */
  readonly tokens: number;
  /** Windows along a side. */
  readonly windows: number;
  /** Tokens of a window, M². */
  readonly windowTokens: number;
  /** Rows and columns that the grid is rolled by. */
  readonly shift: number;
}

export function attentionSizes({ grid, window, kind }: AttentionConfig): AttentionSizes {
  return {
    tokens: grid ** 2,
    windows: grid / window,
    windowTokens: window ** 2,
    shift: kind === 'shifted-window' ? Math.floor(window / 2) : 0,
  };
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkAttention(c: AttentionConfig): void {
  whole(c, ['grid', 'heads', 'headDim', 'window'], 1);
  oneOf(c, 'kind', KINDS);
  if (c.grid ** 2 > MOST_TOKENS) {
    const count = (n: number): string => n.toLocaleString('en-US');
    throw new ConfigError(
      'grid',
      `makes ${count(c.grid ** 2)} patches; at most ${count(MOST_TOKENS)} can be.`,
    );
  }
  if (isWindowed(c.kind) && c.grid % c.window !== 0)
    throw new ConfigError('window', `windows of ${c.window} tokens do not fill a side of ${c.grid}.`);
}
