import { ConfigError } from '#lib/base/config-error.ts';
import { MOST_TOKENS, whole } from '../shared/patch-config.ts';

/** The `config` object of a small network that denoises what codes leave over (Tang et al. 2024; its form Li et al. 2024). */
export interface ResidualMlpConfig {
  /** Numbers E of a place of the latents. */
  readonly latent: number;
  /** Side g of the latents. */
  readonly grid: number;
  /** Entries K of the codebook. */
  readonly codes: number;
  /** Width H of the hidden state of the network that chose the codes. */
  readonly hidden: number;
  /** Width W. */
  readonly width: number;
  /** Residual blocks, from 0 up. */
  readonly depth: number;
  /** Width F of the time's sinusoid, even. */
  readonly timeFrequencies: number;
  /** What is denoised is what the codes leave over, times this number. */
  readonly residualScale: number;
}

/** What codes of 8 × 8 latents of eight numbers leave over, told by a hidden state of 192. */
export const RESIDUAL_MLP_DEFAULTS: ResidualMlpConfig = {
  latent: 8,
  grid: 8,
  codes: 512,
  hidden: 192,
  width: 256,
  depth: 3,
  timeFrequencies: 256,
  residualScale: 1,
};

/** ε of every LayerNorm, as in the published code of MAR. */
export const NORM_EPS = 1e-6;

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkResidualMlp(c: ResidualMlpConfig): void {
  whole(c, ['latent', 'grid', 'hidden', 'width'], 1);
  whole(c, ['codes', 'timeFrequencies'], 2);
  whole(c, ['depth'], 0);
  if (c.timeFrequencies % 2 !== 0)
    throw new ConfigError(
      'timeFrequencies',
      `must be even, half cosines and half sines of the time, not ${c.timeFrequencies}.`,
    );
  if (!(c.residualScale > 0) || !Number.isFinite(c.residualScale))
    throw new ConfigError('residualScale', `must be a number above 0, not ${c.residualScale}.`);
  if (c.grid ** 2 > MOST_TOKENS) {
    const count = (n: number): string => n.toLocaleString('en-US');
    throw new ConfigError(
      'grid',
      `makes ${count(c.grid ** 2)} patches; at most ${count(MOST_TOKENS)} can be.`,
    );
  }
}

/** Fills a partial configuration with the defaults and checks it. */
export function residualMlpConfig(partial: Partial<ResidualMlpConfig>): ResidualMlpConfig {
  const c: ResidualMlpConfig = { ...RESIDUAL_MLP_DEFAULTS, ...partial };
  checkResidualMlp(c);
  return c;
}
