import { ConfigError } from '#lib/base/config-error.ts';
import { checkCoder, checkSwitch, coderSizes, type CoderConfig } from '../shared/coder-config.ts';
import { whole } from '../shared/patch-config.ts';

/** The `config` object of an autoencoder whose latents are codes (van den Oord et al. 2017; on several scales VAR). */
export interface VqConfig extends CoderConfig {
  /** Entries K of the codebook, each of `latent` numbers. */
  readonly codes: number;
  /** Sides of the grids that are quantised one after another, growing to that of the latents; empty: one grid. */
  readonly scales: readonly number[];
  /** 3 × 3 convolutions that the scales share. */
  readonly phis: number;
  /** The share of a scale's entries that goes through one of them, 0 to 1; the rest goes past it. */
  readonly phiShare: number;
  /** Side of the kernels before and after the codes, odd. */
  readonly quantKernel: number;
  /** 1: the graph begins at codes that are fed in, `codes`. */
  readonly fromCodes?: number;
  /** 1: the graph begins at latents that are fed in, `z`. */
  readonly fromLatents?: number;
}

/** The tokenizer of VAR (Tian et al. 2024, section 4; github.com/FoundationVision/VAR), a picture of 256 pixels. */
export const VQ_DEFAULTS: VqConfig = {
  image: 256,
  channels: 3,
  factor: 16,
  width: 160,
  multiples: [1, 1, 2, 2, 4],
  resBlocks: 2,
  latent: 32,
  groups: 32,
  attention: 'last',
  codes: 4096,
  scales: [1, 2, 3, 4, 5, 6, 8, 10, 13, 16],
  phis: 4,
  phiShare: 0.5,
  quantKernel: 3,
};

/** Sizes that follow from a configuration. */
export interface VqSizes {
  /** Side of the latents. */
  readonly grid: number;
  /** Sides of all grids of codes, one or one for each scale. */
  readonly sides: readonly number[];
  /** Codes of a picture. */
  readonly tokens: number;
}

export function vqSizes(c: VqConfig): VqSizes {
  const { grid } = coderSizes(c);
  const sides = c.scales.length > 0 ? c.scales : [grid];
  return { grid, sides, tokens: sides.reduce((sum, side) => sum + side * side, 0) };
}

/**
 * Which of `phis` convolutions scale `k` of `scales` takes: the one whose tick is nearest to k / (scales − 1), the first
 * of two that are equally near (VAR's published code). Ticks are evenly spread with a margin of 1 / (3 phis) where there
 * are four, else of 1 / (2 phis).
 */
export function phiOf(k: number, scales: number, phis: number): number {
  const edge = phis === 4 ? 1 / 3 / phis : 1 / 2 / phis;
  // Rounded as NumPy's linspace rounds, which decides between two ticks that are equally near.
  const last = 1 - edge;
  const step = phis > 1 ? (last - edge) / (phis - 1) : 0;
  const tick = (i: number) => (i > 0 && i === phis - 1 ? last : i * step + edge);
  const at = k / Math.max(scales - 1, 1);
  const distances = Array.from({ length: phis }, (_, i) => Math.abs(tick(i) - at));
  return distances.indexOf(Math.min(...distances));
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkVq(c: VqConfig): void {
  checkCoder(c);
  whole(c, ['codes'], 2);
  whole(c, ['phis', 'quantKernel'], 1);
  checkSwitch(c, 'fromCodes');
  checkSwitch(c, 'fromLatents');
  if (c.quantKernel % 2 === 0) throw new ConfigError('quantKernel', `must be odd, not ${c.quantKernel}.`);
  if (!(c.phiShare >= 0 && c.phiShare <= 1))
    throw new ConfigError('phiShare', `must be from 0 to 1, not ${c.phiShare}.`);
  const { grid } = coderSizes(c);
  const growing = (side: number, i: number, all: readonly number[]) =>
    Number.isInteger(side) && side >= 1 && side > (all[i - 1] ?? 0);
  if (!Array.isArray(c.scales) || !c.scales.every(growing))
    throw new ConfigError('scales', `must be whole numbers from 1 up that grow, not ${String(c.scales)}.`);
  if (c.scales.length > 0 && c.scales.at(-1) !== grid)
    throw new ConfigError(
      'scales',
      `must end with the side of the latents, ${grid}, not ${c.scales.at(-1)}.`,
    );
}

/** Fills a partial configuration with the defaults and checks it. */
export function vqConfig(partial: Partial<VqConfig>): VqConfig {
  const c: VqConfig = { ...VQ_DEFAULTS, ...partial };
  checkVq(c);
  return c;
}
